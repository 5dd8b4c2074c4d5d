// Draws the fields of a form; labels, hints and problems are tied to their inputs for screen readers.

import {
  Combobox,
  Dropdown,
  Field,
  Input,
  makeStyles,
  Option,
  Radio,
  RadioGroup,
  Spinner,
  Switch,
  Textarea,
  tokens,
} from "@fluentui/react-components";
import type { Field as FieldValue, Form, FormValues } from "./form.ts";

const useStyles = makeStyles({
  fields: { display: "grid", gap: tokens.spacingVerticalM },
});

export function FormFields<Values extends FormValues>({
  form,
  fields,
}: {
  form: Form<Values>;
  fields: readonly FieldValue<Values>[];
}) {
  const styles = useStyles();
  const shown = fields.filter(({ isHidden }) => !isHidden);
  if (shown.length === 0) return null;
  return (
    <div className={styles.fields}>
      {shown.map((field) => (
        <FormField key={field.name} form={form} field={field} />
      ))}
    </div>
  );
}

function FormField<Values extends FormValues>({
  form,
  field,
}: {
  form: Form<Values>;
  field: FieldValue<Values>;
}) {
  const problem = form.shownProblems[field.name];
  return (
    <Field
      label={field.label}
      required={field.isRequired ?? false}
      {...(field.hint && { hint: field.hint })}
      {...(problem && { validationMessage: problem, validationState: "error" as const })}
    >
      <Control form={form} field={field} />
    </Field>
  );
}

interface ControlProps<Values extends FormValues> {
  form: Form<Values>;
  field: FieldValue<Values>;
}

// Field gives its only child an id and aria attributes; they must go on to the input.
function Control<Values extends FormValues>({ form, field, ...given }: ControlProps<Values>) {
  const value = form.values[field.name] ?? "";
  const set = (text: string) => form.set({ [field.name]: text } as Partial<Values>);
  const shared = {
    ...given,
    onBlur: () => form.leave(field.name),
    ...(field.placeholder && { placeholder: field.placeholder }),
  };
  switch (field.kind) {
    case "toggle":
      return (
        <Switch
          {...given}
          checked={value === "true"}
          onChange={(_, { checked }) => set(checked ? "true" : "")}
        />
      );
    case "radio":
      return (
        <RadioGroup {...given} value={value} onChange={(_, data) => set(data.value)}>
          {field.choices?.map((choice) => (
            <Radio key={choice.value} value={choice.value} label={choice.label} />
          ))}
        </RadioGroup>
      );
    case "multiline":
    case "list":
      return (
        <Textarea
          value={value}
          resize="vertical"
          readOnly={field.isReadOnly ?? false}
          onChange={(_, data) => set(data.value)}
          {...shared}
        />
      );
    case "choice":
      return <ChoiceList form={form} field={field} {...given} />;
    case "combo":
      return <ComboList form={form} field={field} {...given} />;
    default:
      return (
        <Input
          type={field.kind === "secret" ? "password" : "text"}
          {...(field.kind === "secret" && { autoComplete: "new-password" })}
          {...(field.kind === "number" && { inputMode: "numeric" as const })}
          value={value}
          readOnly={field.isReadOnly ?? false}
          onChange={(_, data) => set(data.value)}
          {...shared}
        />
      );
  }
}

function ChoiceList<Values extends FormValues>({ form, field, ...given }: ControlProps<Values>) {
  const value = form.values[field.name] ?? "";
  const chosen = field.choices?.find((choice) => choice.value === value);
  return (
    <Dropdown
      {...given}
      value={chosen?.label ?? value}
      selectedOptions={[value]}
      placeholder={field.placeholder ?? (field.choices === undefined ? "Loading" : "Select")}
      {...(field.choices === undefined && { expandIcon: <Spinner size="tiny" /> })}
      disabled={field.isReadOnly ?? false}
      onBlur={() => form.leave(field.name)}
      onOptionSelect={(_, { optionValue }) =>
        form.set({ [field.name]: optionValue ?? "" } as Partial<Values>)
      }
    >
      {(field.choices ?? []).map((choice) => (
        <Option key={choice.value} value={choice.value} text={choice.label}>
          {choice.label}
        </Option>
      ))}
    </Dropdown>
  );
}

function ComboList<Values extends FormValues>({ form, field, ...given }: ControlProps<Values>) {
  const value = form.values[field.name] ?? "";
  const wanted = value.toLowerCase();
  const set = (text: string) => form.set({ [field.name]: text } as Partial<Values>);
  const choices = field.choices ?? [];
  const labelOf = (text: string) => choices.find((choice) => choice.value === text)?.label ?? text;
  const isChosen = choices.some((choice) => choice.value === value);
  return (
    <Combobox
      {...given}
      freeform
      value={labelOf(value)}
      selectedOptions={[value]}
      {...(field.placeholder && { placeholder: field.placeholder })}
      onChange={(event) => set(event.target.value)}
      onBlur={(event) => {
        // Fluent leaves the mark of an option that is no longer drawn.
        event.currentTarget.removeAttribute("aria-activedescendant");
        form.leave(field.name);
      }}
      // On leaving a text that is no option Fluent selects nothing; the text stays the value.
      onOptionSelect={(_, { optionValue }) => optionValue !== undefined && set(optionValue)}
    >
      {choices
        .filter(({ label }) => isChosen || label.toLowerCase().includes(wanted))
        .map((choice) => (
          <Option key={choice.value} value={choice.value} text={choice.label}>
            {choice.label}
          </Option>
        ))}
    </Combobox>
  );
}
