// The list of a linked service's parameters in its form: name, type, default value.

import {
  Button,
  Dropdown,
  Field,
  Input,
  makeStyles,
  Option,
  Text,
  tokens,
} from "@fluentui/react-components";
import { AddRegular, DeleteRegular } from "@fluentui/react-icons";
import {
  parameterProblem,
  parameterTypes,
  type TypedParameter,
  typedParameters,
} from "./parameter.ts";

const useStyles = makeStyles({
  list: {
    display: "grid",
    gap: tokens.spacingVerticalS,
    justifyItems: "start",
    border: "none",
    margin: 0,
    padding: 0,
    minWidth: 0,
  },
  legend: { padding: 0, marginBottom: tokens.spacingVerticalXS },
  row: {
    display: "grid",
    width: "100%",
    gridTemplateColumns: "minmax(0, 1fr) 110px minmax(0, 1fr) 32px",
    gap: tokens.spacingHorizontalS,
    alignItems: "start",
  },
  narrow: { minWidth: 0 },
});

/** `value` is the form's text. */
export function Parameters({ value, onChange }: { value: string; onChange(text: string): void }) {
  const styles = useStyles();
  const parameters = typedParameters(value);
  const write = (next: readonly TypedParameter[]) => onChange(JSON.stringify(next));
  const change = (place: number, part: Partial<TypedParameter>) =>
    write(parameters.map((one, index) => (index === place ? { ...one, ...part } : one)));
  return (
    <fieldset className={styles.list}>
      <legend className={styles.legend}>
        <Text>Parameters</Text>
      </legend>
      {parameters.map((parameter, index) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; its name is being typed.
          key={index}
          number={index + 1}
          parameter={parameter}
          onChange={(part) => change(index, part)}
          onRemove={() => write(parameters.filter((_, place) => place !== index))}
        />
      ))}
      <Button
        size="small"
        icon={<AddRegular />}
        onClick={() => write([...parameters, { name: "", type: "String", defaultText: "" }])}
      >
        New parameter
      </Button>
    </fieldset>
  );
}

function Row({
  number,
  parameter,
  onChange,
  onRemove,
}: {
  number: number;
  parameter: TypedParameter;
  onChange(part: Partial<TypedParameter>): void;
  onRemove(): void;
}) {
  const styles = useStyles();
  const problem = parameter.name === "" ? undefined : parameterProblem(parameter);
  return (
    <div className={styles.row}>
      <Field {...(problem && { validationMessage: problem })}>
        <Input
          className={styles.narrow}
          aria-label={`Name of parameter ${number}`}
          placeholder="Name"
          value={parameter.name}
          onChange={(_, { value: name }) => onChange({ name })}
        />
      </Field>
      <Dropdown
        className={styles.narrow}
        aria-label={`Type of parameter ${number}`}
        value={parameter.type}
        selectedOptions={[parameter.type]}
        onOptionSelect={(_, { optionValue }) => onChange({ type: optionValue ?? "String" })}
      >
        {parameterTypes.map((type) => (
          <Option key={type}>{type}</Option>
        ))}
      </Dropdown>
      <Input
        className={styles.narrow}
        aria-label={`Default value of parameter ${number}`}
        placeholder="Default value"
        value={parameter.defaultText}
        onChange={(_, { value: defaultText }) => onChange({ defaultText })}
      />
      <Button
        appearance="subtle"
        aria-label={`Remove parameter ${number}`}
        icon={<DeleteRegular />}
        onClick={onRemove}
      />
    </div>
  );
}
