// Messages 11500 to 11599: what sp_describe_first_result_set and sp_describe_undeclared_parameters can't tell.
// Texts and severities are the documented ones ("Database engine events and errors").
import type { MessageRow } from "./row.ts";

const undetermined = "The metadata could not be determined because";

export const discoveryMessages: Readonly<Record<number, MessageRow>> = {
  11501: { severity: 16, text: "The batch could not be analyzed because of compile errors." },
  11502: { severity: 16, text: "The type for parameter '{0}' cannot be deduced in this context." },
  11503: {
    severity: 16,
    text: "The parameter type cannot be deduced because a single expression contains two untyped parameters, '{0}' and '{1}'.",
  },
  11506: {
    severity: 16,
    text: "The parameter type for '{0}' cannot be uniquely deduced; two possibilities are '{1}' and '{2}'.",
  },
  11507: {
    severity: 16,
    text: "The parameter type for '{0}' cannot be deduced because no type would make the query valid.",
  },
  11508: {
    severity: 16,
    text: "The undeclared parameter '{0}' is used more than once in the batch being analyzed.",
  },
  11509: {
    severity: 16,
    text: `${undetermined} the statement '{0}' is not compatible with the statement '{1}'.`,
  },
  11510: {
    severity: 16,
    text: `${undetermined} the statement '{0}' in the main batch is not compatible with the statement '{1}' in procedure '{2}'.`,
  },
  11511: {
    severity: 16,
    text: `${undetermined} the statement '{0}' in procedure '{1}' is not compatible with the statement '{2}' in the main batch.`,
  },
  11512: {
    severity: 16,
    text: `${undetermined} the statement '{0}' in procedure '{1}' is not compatible with the statement '{2}' in procedure '{3}'.`,
  },
  11513: {
    severity: 16,
    text: `${undetermined} statement '{0}' contains dynamic SQL. Consider using the WITH RESULT SETS clause to explicitly describe the result set.`,
  },
  11514: {
    severity: 16,
    text: `${undetermined} statement '{0}' in procedure '{1}' contains dynamic SQL. Consider using the WITH RESULT SETS clause to explicitly describe the result set.`,
  },
  11521: {
    severity: 16,
    text: `${undetermined} statement '{0}' uses an undeclared parameter in a context that affects its metadata.`,
  },
  11522: {
    severity: 16,
    text: `${undetermined} statement '{0}' in procedure '{1}' uses an undeclared parameter in a context that affects its metadata.`,
  },
  11523: { severity: 16, text: `${undetermined} statement '{0}' causes indirect recursion.` },
  11524: {
    severity: 16,
    text: `${undetermined} statement '{0}' in procedure '{1}' causes indirect recursion.`,
  },
  11525: {
    severity: 16,
    text: `${undetermined} statement '{0}' uses a temp table. Metadata discovery only supports temp tables when analyzing a single-statement batch.`,
  },
  11526: {
    severity: 16,
    text: `${undetermined} statement '{0}' in procedure '{1}' uses a temp table.`,
  },
  11527: {
    severity: 16,
    text: `${undetermined} statement '{0}' does not support metadata discovery.`,
  },
  11528: {
    severity: 16,
    text: `${undetermined} statement '{0}' in procedure '{1}' does not support metadata discovery.`,
  },
};
