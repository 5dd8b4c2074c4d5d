// Parameters of a linked service: given by whoever refers to it (features.md A-15).

export const parameterTypes = [
  "String",
  "Int",
  "Float",
  "Bool",
  "Array",
  "Object",
  "SecureString",
] as const;

/** As in a definition, by name. */
export type Parameters = Readonly<
  Record<string, { readonly type: string; readonly defaultValue?: unknown }>
>;

/** As it is typed. */
export interface TypedParameter {
  readonly name: string;
  readonly type: string;
  readonly defaultText: string;
}

/** The form's text of what a definition has. */
export function parametersText(parameters: Parameters): string {
  return JSON.stringify(
    Object.entries(parameters).map(([name, { type, defaultValue }]): TypedParameter => {
      const isText = defaultValue === undefined || typeof defaultValue === "string";
      return {
        name,
        type,
        defaultText: isText ? (defaultValue ?? "") : JSON.stringify(defaultValue),
      };
    }),
  );
}

export function typedParameters(text: string): readonly TypedParameter[] {
  return text === "" ? [] : (JSON.parse(text) as TypedParameter[]);
}

export function readParameters(text: string): Parameters {
  return Object.fromEntries(
    typedParameters(text).map(({ name, type, defaultText }) => {
      const defaultValue = defaultOf(type, defaultText);
      return [name, { type, ...(defaultValue !== undefined && { defaultValue }) }];
    }),
  );
}

/** Parameters that have no default: a test of the connection needs a value for each. */
export function openParameters(text: string): readonly TypedParameter[] {
  return typedParameters(text).filter(
    (parameter) => parameter.defaultText === "" && parameterProblem(parameter) === undefined,
  );
}

/** The form's key of a value for the test. */
export function testValueKey(name: string): string {
  return `testValue.${name}`;
}

/** What the person typed for the test, by parameter; those without a value are left out. */
export function testValues(values: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    openParameters(values.parameters ?? "").flatMap(({ name, type }) => {
      const text = values[testValueKey(name)] ?? "";
      const isUsable = parameterProblem({ name, type, defaultText: text }) === undefined;
      return text !== "" && isUsable ? [[name, defaultOf(type, text)]] : [];
    }),
  );
}

/** Texts are taken as they are, everything else is JSON; undefined for nothing. */
function defaultOf(type: string, text: string): unknown {
  if (text === "") return undefined;
  return isText(type) ? text : JSON.parse(text);
}

function isText(type: string): boolean {
  return type === "String" || type === "SecureString";
}

export function parameterProblem({ name, type, defaultText }: TypedParameter): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return "A parameter's name has letters, digits and '_' and doesn't start with a digit.";
  }
  if (defaultText === "" || isText(type)) return undefined;
  return fits(type, defaultText) ? undefined : `'${defaultText}' is no ${type}.`;
}

function fits(type: string, text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    switch (type) {
      case "Int":
        return Number.isInteger(value);
      case "Float":
        return typeof value === "number";
      case "Bool":
        return typeof value === "boolean";
      case "Array":
        return Array.isArray(value);
      default:
        return typeof value === "object" && value !== null && !Array.isArray(value);
    }
  } catch {
    return false;
  }
}

/** Why the list can't be, or undefined. */
export function parametersProblem(text: string): string | undefined {
  const parameters = typedParameters(text);
  const names = parameters.map(({ name }) => name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `There are two parameters '${twice}'.`;
  return parameters.map(parameterProblem).find((problem) => problem !== undefined);
}
