// Messages from 8000: execution, security, and the service's own.
// Texts and severities are the documented ones ("Database engine events and errors").
import type { MessageRow } from "./row.ts";

export const executionMessages: Readonly<Record<number, MessageRow>> = {
  8101: {
    severity: 16,
    text: "An explicit value for the identity column in table '{0}' can only be specified when a column list is used and IDENTITY_INSERT is ON.",
  },
  8102: { severity: 16, text: "Cannot update identity column '{0}'." },
  8106: {
    severity: 16,
    text: "Table '{0}' does not have the identity property. Cannot perform SET operation.",
  },
  8107: {
    severity: 16,
    text: "IDENTITY_INSERT is already ON for table '{0}'. Cannot perform SET operation for table '{1}'.",
  },
  8114: { severity: 16, state: 5, text: "Error converting data type {0} to {1}." },
  8115: {
    severity: 16,
    state: 2,
    text: "Arithmetic overflow error converting {0} to data type {1}.",
  },
  8116: {
    severity: 16,
    text: "Argument data type {0} is invalid for argument {1} of {2} function.",
  },
  8117: { severity: 16, text: "Operand data type {0} is invalid for {1} operator." },
  8120: {
    severity: 16,
    text: "Column '{0}' is invalid in the select list because it is not contained in either an aggregate function or the GROUP BY clause.",
  },
  8121: {
    severity: 16,
    text: "Column '{0}' is invalid in the HAVING clause because it is not contained in either an aggregate function or the GROUP BY clause.",
  },
  8127: {
    severity: 16,
    text: 'Column "{0}" is invalid in the ORDER BY clause because it is not contained in either an aggregate function or the GROUP BY clause.',
  },
  8133: {
    severity: 16,
    text: "At least one of the result expressions in a CASE specification must be an expression other than the NULL constant.",
  },
  8134: { severity: 16, text: "Divide by zero error encountered." },
  8144: {
    severity: 16,
    state: 2,
    text: "Procedure or function {0} has too many arguments specified.",
  },
  8145: { severity: 16, text: "{0} is not a parameter for procedure {1}." },
  8146: {
    severity: 16,
    text: "Procedure {0} has no parameters and arguments were supplied.",
  },
  8152: { severity: 16, state: 10, text: "String or binary data would be truncated." },
  8155: { severity: 16, text: "No column name was specified for column {0} of '{1}'." },
  8156: { severity: 16, text: "The column '{0}' was specified multiple times for '{1}'." },
  8158: { severity: 16, text: "'{0}' has more columns than were specified in the column list." },
  8159: { severity: 16, text: "'{0}' has fewer columns than were specified in the column list." },
  8161: {
    severity: 16,
    text: "Argument {0} of the {1} function does not match any of the expressions in the GROUP BY clause.",
  },
  8162: {
    severity: 16,
    text: 'The formal parameter "{0}" was not declared as an OUTPUT parameter, but the actual parameter passed in requested output.',
  },
  8167: {
    severity: 16,
    text: 'The type of column "{0}" conflicts with the type of other columns specified in the UNPIVOT list.',
  },
  8169: {
    severity: 16,
    text: "Conversion failed when converting from a character string to uniqueidentifier.",
  },
  8170: {
    severity: 16,
    state: 2,
    text: "Insufficient result space to convert uniqueidentifier value to char.",
  },
  8178: {
    severity: 16,
    text: "The parameterized query '{0}' expects the parameter '{1}', which was not supplied.",
  },
  8179: { severity: 16, text: "Could not find prepared statement with handle {0}." },
  8180: { severity: 16, text: "Statement(s) could not be prepared." },
  8672: {
    severity: 16,
    text: "The MERGE statement attempted to UPDATE or DELETE the same row more than once. This happens when a target row matches more than one source row. A MERGE statement cannot UPDATE/DELETE the same row of the target table multiple times. Refine the ON clause to ensure a target row matches at most one source row, or use the GROUP BY clause to group the source rows.",
  },
  8730: {
    severity: 16,
    text: "Offset parameter for Lag and Lead functions cannot be a negative value.",
  },
  8733: {
    severity: 16,
    text: "Separator parameter for STRING_AGG must be a string literal or variable.",
  },
  9803: { severity: 16, text: 'Invalid data for type "{0}".' },
  9809: {
    severity: 16,
    text: "The style {0} is not supported for conversions from {1} to {2}.",
  },
  9810: {
    severity: 16,
    text: "The datepart {0} is not supported by date function {1} for data type {2}.",
  },
  9812: {
    severity: 16,
    text: "The timezone provided to builtin function {0} is invalid.",
  },
  9820: {
    severity: 16,
    text: "The time zone parameter '{0}' provided to AT TIME ZONE clause is invalid.",
  },
  9828: {
    severity: 16,
    text: "The second and third arguments of the TRANSLATE built-in function must contain an equal number of characters.",
  },
  9829: {
    severity: 16,
    text: "STRING_AGG aggregation result exceeded the limit of 8000 bytes. Use LOB types to avoid result truncation.",
  },
  10704: {
    severity: 16,
    text: "To rethrow an error, a THROW statement must be used inside a CATCH block. Insert the THROW statement inside a CATCH block, or add error parameters to the THROW statement.",
  },
  10709: {
    severity: 16,
    text: "The number of columns for each row in a table value constructor must be the same.",
  },
  10713: {
    severity: 15,
    text: "A MERGE statement must be terminated by a semi-colon (;).",
  },
  10738: {
    severity: 15,
    text: "The number of row value expressions in the INSERT statement exceeds the maximum allowed number of 1000 row values.",
  },
  10741: {
    severity: 15,
    text: "A TOP can not be used in the same query or sub-query as a OFFSET.",
  },
  10742: { severity: 15, text: "The offset specified in a OFFSET clause may not be negative." },
  10744: {
    severity: 15,
    text: "The number of rows provided for a FETCH clause must be greater then zero.",
  },
  10753: { severity: 15, text: "The function '{0}' must have an OVER clause." },
  10759: { severity: 15, text: "Use of DISTINCT is not allowed with the OVER clause." },
  10760: {
    severity: 15,
    text: "Scale argument is not valid. Valid expressions for data type {0} scale argument are integer constants and integer constant expressions.",
  },
  11535: {
    severity: 16,
    text: "EXECUTE statement failed because its WITH RESULT SETS clause specified {0} result set(s).",
  },
  13601: {
    severity: 16,
    text: "Property '{0}' cannot be generated in JSON output due to a conflict with another column name or alias. Use different names and aliases for each column in SELECT list.",
  },
  13605: {
    severity: 16,
    text: "Unnamed tables cannot be used as JSON identifiers as well as unnamed columns cannot be used as key names. Add alias to the unnamed column/table.",
  },
  13608: { severity: 16, text: "Property cannot be found on the specified JSON path." },
  13609: {
    severity: 16,
    text: "JSON text is not properly formatted. Unexpected character '{0}' is found at position {1}.",
  },
  13624: { severity: 16, text: "Object or array cannot be found in the specified JSON path." },
  15007: {
    severity: 16,
    text: "'{0}' is not a valid login or you do not have permission.",
  },
  15009: {
    severity: 16,
    text: "The object '{0}' does not exist in database '{1}' or is invalid for this operation.",
  },
  15023: {
    severity: 16,
    text: "User, group, or role '{0}' already exists in the current database.",
  },
  15025: { severity: 16, text: "The server principal '{0}' already exists." },
  15138: {
    severity: 16,
    text: "The database principal owns a schema in the database, and cannot be dropped.",
  },
  15144: {
    severity: 16,
    text: "The role has members. It must be empty before it can be dropped.",
  },
  15150: { severity: 16, text: "Cannot {0} the {1} '{2}'." },
  15151: {
    severity: 16,
    text: "Cannot {0} the {1} '{2}', because it does not exist or you do not have permission.",
  },
  15247: { severity: 16, text: "User does not have permission to perform this action." },
  15284: {
    severity: 16,
    text: "The database principal has granted or denied permissions to objects in the database and cannot be dropped.",
  },
  15517: {
    severity: 16,
    text: 'Cannot execute as the database principal because the principal "{0}" does not exist, this type of principal cannot be impersonated, or you do not have permission.',
  },
  15530: { severity: 16, text: 'The object with name "{0}" already exists.' },
  15600: {
    severity: 15,
    text: "An invalid parameter or option was specified for procedure '{0}'.",
  },
  18456: { severity: 14, text: "Login failed for user '{0}'." },
  33134: {
    severity: 16,
    text: "Principal '{0}' could not be found or this principal type is not supported.",
  },
  35100: {
    severity: 16,
    text: "Error number {0} in the THROW statement is outside the valid range. Specify an error number in the valid range of 50000 to 2147483647.",
  },
  39051: { severity: 16, text: "{0}" },
  40197: {
    severity: 17,
    text: "The service has encountered an error processing your request. {0}",
  },
  40508: {
    severity: 16,
    text: "USE statement is not supported to switch between databases. Use a new connection to connect to a different database.",
  },
  40510: {
    severity: 16,
    text: "Statement '{0}' is not supported in this version of SQL Server. (line {1}, column {2})",
  },
  40515: {
    severity: 16,
    text: "Reference to database and/or server name in '{0}' is not supported in this version of SQL Server.",
  },
  40517: {
    severity: 16,
    text: "Keyword or statement option '{0}' is not supported in this version of SQL Server. (line {1}, column {2})",
  },
  40631: {
    severity: 16,
    text: "The password that you specified is too long. The password should have no more than 128 characters.",
  },
  40632: {
    severity: 16,
    text: "Password validation failed. The password does not meet policy requirements because it is not complex enough.",
  },
  42108: {
    severity: 20,
    text: "Can not connect to the SQL pool since it is paused. Please resume the SQL pool and try again.",
  },
  50000: { severity: 16, text: "{0}" },
  104309: { severity: 16, text: "Duplicate column ordinal not allowed." },
  104467: {
    severity: 16,
    text: "Enforced unique constraints are not supported. To create an unenforced unique constraint you must include the NOT ENFORCED syntax as part of your statement.",
  },
  106103: { severity: 16, text: "Distribution column '{0}' does not exist in the table." },
  111212: { severity: 16, text: "Operation cannot be performed within a transaction." },
};
