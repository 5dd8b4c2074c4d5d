// `--parameters` of commands: parameter files of Azure Resource Manager and NAME=VALUE, later ones
// first. What a value means is the business of whoever declares the parameter.

import { readFile } from "node:fs/promises";
import { usageError } from "./command.ts";
import { isJsonObject, parseJsonFile } from "./json-file.ts";

/** As written on the line: text that its declaration gives a type. */
interface WrittenParameter {
  readonly text: string;
}

/** As a parameter file has it: `{ value }` or `{ reference }`. */
interface FileParameter {
  readonly item: Readonly<Record<string, unknown>>;
}

export type GivenParameter = WrittenParameter | FileParameter;

/** By name. Throws a usage error that names the file and the place. */
export async function readParameters(
  given: readonly string[],
): Promise<Map<string, GivenParameter>> {
  const parameters = new Map<string, GivenParameter>();
  for (const word of given) {
    const pair = /^([A-Za-z_][\w-]*)=(.*)$/s.exec(word);
    if (pair) parameters.set(pair[1] ?? "", { text: pair[2] ?? "" });
    else for (const [name, item] of await readParameterFile(word)) parameters.set(name, { item });
  }
  return parameters;
}

async function readParameterFile(
  file: string,
): Promise<[string, Readonly<Record<string, unknown>>][]> {
  const text = await readFile(file, "utf8").catch((error) => {
    throw usageError(`${file} cannot be read: ${error.message}`);
  });
  return parametersOf(parseJsonFile(file, text).value, file);
}

/** The parameters of a file's content, with or without the frame that names its schema. */
export function parametersOf(
  content: unknown,
  file: string,
): [string, Readonly<Record<string, unknown>>][] {
  if (!isJsonObject(content)) {
    throw usageError(`${file} is no parameter file: it is not an object.`);
  }
  const parameters = isJsonObject(content.parameters) ? content.parameters : content;
  return Object.entries(parameters).flatMap(([name, item]) => {
    if (isJsonObject(item)) return [[name, item]];
    if (name === "$schema" || name === "contentVersion") return [];
    throw usageError(`${file}: the parameter '${name}' must be an object with value or reference.`);
  });
}

/** JSON where it is JSON, else text. */
export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
