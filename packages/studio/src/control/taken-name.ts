// Names that are taken: two that differ in case only are the same.

/** Undefined where the name is free; `what` is the kind of thing with its article, "a credential". */
export function takenProblem(
  name: string,
  { what, taken = [] }: { what: string; taken: readonly string[] | undefined },
): string | undefined {
  const isTaken = taken.some((other) => other.toLowerCase() === name.toLowerCase());
  return isTaken ? `There is ${what} '${name}' already.` : undefined;
}
