// Functions that both languages have and that do the same in both: what they do is here, what each
// language's document says and shows of them is in its own chapter.
import { extreme, toInteger } from "../arithmetic.ts";
import { foldCase, isEmpty, joinTexts, replaceText } from "../collection.ts";
import { fromDataUri, toDataUri } from "../encoding.ts";
import { ExpressionError } from "../error.ts";
import { sharedFunction, sharedLazily } from "../function.ts";
import { toText } from "../text.ts";
import { kindOf } from "../value.ts";

export const shared = {
  array: sharedFunction("array", "(value: any): array", ([value]) =>
    Array.isArray(value) ? value : [value],
  ),
  coalesce: sharedFunction(
    "coalesce",
    "(first: any, ...more: any): any",
    (args) => args.find((arg) => arg !== null) ?? null,
  ),
  dataUri: sharedFunction("dataUri", "(text: string): string", ([text]) => toDataUri(text)),
  dataUriToString: sharedFunction("dataUriToString", "(uri: string): string", ([uri]) =>
    fromDataUri(uri),
  ),
  empty: sharedFunction(
    "empty",
    "(collection: string|array|object|null): boolean",
    ([collection]) => isEmpty(collection),
  ),
  endsWith: sharedFunction(
    "endsWith",
    "(text: string, search: string): boolean",
    ([text, search]) => foldCase(text).endsWith(foldCase(search)),
  ),
  if: sharedLazily(
    "if",
    "(condition: any, then: any, else: any): any",
    ([condition, whenTrue, whenFalse]) => {
      const holds = condition!.evaluate();
      if (typeof holds !== "boolean") {
        throw new ExpressionError(
          "ArgumentType",
          `'if' expects boolean as argument 1 (condition), but got ${kindOf(holds)}.`,
        );
      }
      return (holds ? whenTrue : whenFalse)!.evaluate();
    },
  ),
  int: sharedFunction("int", "(value: string|number): integer", ([value]) => toInteger(value)),
  join: sharedFunction(
    "join",
    "(items: array, delimiter: string): string",
    ([items, delimiter], context) => joinTexts(items, delimiter, context),
  ),
  max: sharedFunction("max", "(first: number|array, ...more: number): number", (args, context) =>
    extreme("max", args, context),
  ),
  min: sharedFunction("min", "(first: number|array, ...more: number): number", (args, context) =>
    extreme("min", args, context),
  ),
  not: sharedFunction("not", "(value: boolean): boolean", ([value]) => !value),
  replace: sharedFunction(
    "replace",
    "(text: string, search: string, replacement: string): string",
    ([text, search, replacement], context) => replaceText({ text, search, replacement }, context),
  ),
  startsWith: sharedFunction(
    "startsWith",
    "(text: string, search: string): boolean",
    ([text, search]) => foldCase(text).startsWith(foldCase(search)),
  ),
  string: sharedFunction("string", "(value: any): string", ([value], { budget }) =>
    toText(value, budget),
  ),
  toLower: sharedFunction("toLower", "(text: string): string", ([text]) => text.toLowerCase()),
  toUpper: sharedFunction("toUpper", "(text: string): string", ([text]) => text.toUpperCase()),
  trim: sharedFunction("trim", "(text: string): string", ([text]) => text.trim()),
};
