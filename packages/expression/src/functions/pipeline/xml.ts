// The XML functions of the conversion chapter (expressions.md 3): known, not implemented.
import { type FunctionDefinition, refuseFunction } from "../../function.ts";

const refused = [
  ["xml", "(value: any): string", "@xml('<a/>')"],
  ["xpath", "(xml: any, path: string): any", "@xpath('<a/>', '/a')"],
] as const;

export const xmlFunctions: readonly FunctionDefinition[] = refused.map(([name, signature, text]) =>
  refuseFunction({
    name,
    chapter: "conversion",
    signature,
    source: "expressions.md 3, Conversion",
    examples: [{ text, fails: "NotSupported" }],
    reason: "XML is not implemented",
  }),
);
