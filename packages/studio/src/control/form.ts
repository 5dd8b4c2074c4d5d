// A form is its fields' values; it is checked at every keystroke with the rules that the fields carry,
// and says so beside a field once the person has been there or has tried to send.

import { useState } from "react";

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface Field<Values> {
  readonly name: keyof Values & string;
  readonly label: string;
  /** `choice`: one of a list; `combo`: one of a list or any text; `list`: several short texts. */
  readonly kind:
    | "text"
    | "secret"
    | "multiline"
    | "number"
    | "choice"
    | "combo"
    | "radio"
    | "toggle"
    | "list";
  readonly hint?: string;
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  readonly isHidden?: boolean;
  readonly isReadOnly?: boolean;
  /** Undefined while they are loading. */
  readonly choices?: readonly Choice[] | undefined;
  /** The rule of the server: why the value can't be, or undefined. Not called for empty values. */
  check?(value: string): string | undefined;
}

/** Everything is text while it is edited; a toggle is "true" or "", a list has a line an item. */
export type FormValues = Readonly<Record<string, string>>;

export interface Form<Values extends FormValues> {
  readonly values: Values;
  /** By field name, whether it is shown yet or not. */
  readonly problems: Readonly<Record<string, string>>;
  readonly shownProblems: Readonly<Record<string, string>>;
  readonly isValid: boolean;
  set(values: Partial<Values>): void;
  leave(name: string): void;
  /** Calls back with the values when all are right; otherwise shows what is wrong. */
  submit(send: (values: Values) => void): void;
  reset(values?: Values): void;
}

export function useForm<Values extends FormValues>(
  initial: Values,
  fieldsOf: (values: Values) => readonly Field<Values>[],
): Form<Values> {
  const [values, setValues] = useState(initial);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [isSent, setSent] = useState(false);
  const problems = Object.fromEntries(
    fieldsOf(values).flatMap((field) => {
      const problem = field.isHidden ? undefined : problemOf(field, values[field.name] ?? "");
      return problem === undefined ? [] : [[field.name, problem]];
    }),
  );
  const isValid = Object.keys(problems).length === 0;
  const shownProblems = isSent
    ? problems
    : Object.fromEntries(Object.entries(problems).filter(([name]) => left.has(name)));
  return {
    values,
    problems,
    shownProblems,
    isValid,
    set: (changed) => {
      setValues((earlier) => ({ ...earlier, ...changed }));
      setLeft((earlier) => {
        const typed = Object.keys(changed).filter((name) => changed[name] !== "");
        return typed.every((name) => earlier.has(name)) ? earlier : new Set([...earlier, ...typed]);
      });
    },
    leave: (name) => setLeft((earlier) => new Set([...earlier, name])),
    submit(send) {
      if (isValid) return send(values);
      setSent(true);
      requestAnimationFrame(focusFirstProblem);
    },
    reset: (again) => {
      setValues(again ?? initial);
      setLeft(new Set());
      setSent(false);
    },
  };
}

/** Brings what is wrong into sight, once it is drawn as wrong. */
function focusFirstProblem(): void {
  document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}

function problemOf<Values>(field: Field<Values>, value: string): string | undefined {
  if (value.trim() === "") return field.isRequired ? `${field.label} is required.` : undefined;
  if (field.kind === "number" && Number.isNaN(Number(value))) {
    return `${field.label} is a number.`;
  }
  return field.check?.(value);
}

/** The lines of a `list` field. */
export function linesOf(value: string): string[] {
  return value
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
