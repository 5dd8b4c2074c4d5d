// The messages of SQL Server that this front raises, by number, and the one way to raise them.
// Texts and severities are the documented ones ("Database engine events and errors").
import { SqlError } from "../session.ts";
import type { Position } from "./ast.ts";

interface MessageRow {
  severity: number;
  text: string;
  state?: number;
}

/** `{0}`, `{1}` … are filled from the arguments of `fail`. */
export const messages: Readonly<Record<number, MessageRow>> = {
  102: { severity: 15, text: "Incorrect syntax near '{0}'." },
  103: {
    severity: 15,
    text: "The identifier that starts with '{0}' is too long. Maximum length is 128.",
  },
  104: {
    severity: 15,
    text: "ORDER BY items must appear in the select list if the statement contains a UNION, INTERSECT or EXCEPT operator.",
  },
  105: { severity: 15, text: "Unclosed quotation mark after the character string '{0}'." },
  107: {
    severity: 15,
    text: "The column prefix '{0}' does not match with a table name or alias name used in the query.",
  },
  108: {
    severity: 15,
    text: "The ORDER BY position number {0} is out of range of the number of items in the select list.",
  },
  117: {
    severity: 15,
    text: "The object name '{0}' contains more than the maximum number of prefixes. The maximum is 3.",
  },
  109: {
    severity: 15,
    text: "There are more columns in the INSERT statement than values specified in the VALUES clause. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.",
  },
  110: {
    severity: 15,
    text: "There are fewer columns in the INSERT statement than values specified in the VALUES clause. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.",
  },
  111: { severity: 15, text: "'{0}' must be the first statement in a query batch." },
  113: { severity: 15, text: "Missing end comment mark '*/'." },
  116: {
    severity: 16,
    text: "Only one expression can be specified in the select list when the subquery is not introduced with EXISTS.",
  },
  120: {
    severity: 15,
    text: "The select list for the INSERT statement contains fewer items than the insert list. The number of SELECT values must match the number of INSERT columns.",
  },
  121: {
    severity: 15,
    text: "The select list for the INSERT statement contains more items than the insert list. The number of SELECT values must match the number of INSERT columns.",
  },
  127: { severity: 15, text: "A TOP N or FETCH rowcount value may not be negative." },
  128: {
    severity: 15,
    text: 'The name "{0}" is not permitted in this context. Valid expressions are constants, constant expressions, and (in some contexts) variables. Column names are not permitted.',
  },
  130: {
    severity: 15,
    text: "Cannot perform an aggregate function on an expression containing an aggregate or a subquery.",
  },
  131: {
    severity: 15,
    text: "The size ({0}) given to the type '{1}' exceeds the maximum allowed for any data type ({2}).",
  },
  132: { severity: 15, text: "The label '{0}' has already been declared." },
  134: {
    severity: 15,
    text: "The variable name '{0}' has already been declared. Variable names must be unique within a query batch or stored procedure.",
  },
  135: {
    severity: 15,
    text: "Cannot use a BREAK statement outside the scope of a WHILE statement.",
  },
  136: {
    severity: 15,
    text: "Cannot use a CONTINUE statement outside the scope of a WHILE statement.",
  },
  137: { severity: 15, text: 'Must declare the scalar variable "{0}".' },
  139: { severity: 15, text: "Cannot assign a default value to a local variable." },
  141: {
    severity: 15,
    text: "A SELECT statement that assigns a value to a variable must not be combined with data-retrieval operations.",
  },
  144: {
    severity: 15,
    text: "Cannot use an aggregate or a subquery in an expression used for the group by list of a GROUP BY clause.",
  },
  145: {
    severity: 15,
    text: "ORDER BY items must appear in the select list if SELECT DISTINCT is specified.",
  },
  147: {
    severity: 15,
    text: "An aggregate may not appear in the WHERE clause unless it is in a subquery contained in a HAVING clause or a select list, and the column being aggregated is an outer reference.",
  },
  155: { severity: 15, text: "'{0}' is not a recognized {1} option." },
  156: { severity: 15, text: "Incorrect syntax near the keyword '{0}'." },
  158: {
    severity: 15,
    text: "'{0}' has more columns than were specified in the column list.",
  },
  159: {
    severity: 15,
    text: "Must specify the table name and index name for the DROP INDEX statement.",
  },
  168: {
    severity: 15,
    text: "The floating point value '{0}' is out of the range of computer representation (8 bytes).",
  },
  164: {
    severity: 15,
    text: "Each GROUP BY expression must contain at least one column that is not an outer reference.",
  },
  174: { severity: 15, text: "The {0} function requires {1} argument(s)." },
  178: {
    severity: 15,
    text: "A RETURN statement with a return value cannot be used in this context.",
  },
  179: {
    severity: 15,
    text: "Cannot use the OUTPUT option when passing a constant to a stored procedure.",
  },
  189: { severity: 15, text: "The {0} function requires {1} to {2} arguments." },
  193: { severity: 15, text: "The object or column name starting with '{0}' is too long." },
  195: { severity: 15, text: "'{0}' is not a recognized {1}." },
  201: {
    severity: 16,
    state: 4,
    text: "Procedure or function '{0}' expects parameter '{1}', which was not supplied.",
  },
  205: {
    severity: 16,
    text: "All queries combined using a UNION, INTERSECT or EXCEPT operator must have an equal number of expressions in their target lists.",
  },
  206: { severity: 16, text: "Operand type clash: {0} is incompatible with {1}" },
  207: { severity: 16, text: "Invalid column name '{0}'." },
  208: { severity: 16, text: "Invalid object name '{0}'." },
  209: { severity: 16, text: "Ambiguous column name '{0}'." },
  213: {
    severity: 16,
    text: "Column name or number of supplied values does not match table definition.",
  },
  214: { severity: 16, text: "Procedure expects parameter '{0}' of type '{1}'." },
  217: {
    severity: 16,
    text: "Maximum stored procedure, function, trigger, or view nesting level exceeded (limit {0}).",
  },
  220: { severity: 16, text: "Arithmetic overflow error for data type {0}, value = {1}." },
  226: { severity: 16, text: "{0} statement not allowed within multi-statement transaction." },
  229: {
    severity: 14,
    state: 5,
    text: "The {0} permission was denied on the object '{1}', database '{2}', schema '{3}'.",
  },
  230: {
    severity: 14,
    text: "The {0} permission was denied on the column '{1}' of the object '{2}', database '{3}', schema '{4}'.",
  },
  232: { severity: 16, text: "Arithmetic overflow error for type {0}, value = {1}." },
  235: {
    severity: 16,
    text: "Cannot convert a char value to money. The char value has incorrect syntax.",
  },
  241: {
    severity: 16,
    text: "Conversion failed when converting date and/or time from character string.",
  },
  242: {
    severity: 16,
    state: 3,
    text: "The conversion of a {0} data type to a {1} data type resulted in an out-of-range value.",
  },
  243: { severity: 16, text: "Type {0} is not a defined system type." },
  244: {
    severity: 16,
    text: "The conversion of the {0} value '{1}' overflowed an {2} column. Use a larger integer column.",
  },
  245: {
    severity: 16,
    text: "Conversion failed when converting the {0} value '{1}' to data type {2}.",
  },
  248: { severity: 16, text: "The conversion of the {0} value '{1}' overflowed an int column." },
  252: {
    severity: 16,
    text: "Recursive common table expression '{0}' does not contain a top-level UNION ALL operator.",
  },
  257: {
    severity: 16,
    text: "Implicit conversion from data type {0} to {1} is not allowed. Use the CONVERT function to run this query.",
  },
  258: { severity: 15, text: "Cannot call methods on {0}." },
  259: { severity: 16, text: "Ad hoc updates to system catalogs are not allowed." },
  262: { severity: 14, text: "{0} permission denied in database '{1}'." },
  263: { severity: 16, text: "Must specify table to select from." },
  264: {
    severity: 16,
    text: "The column name '{0}' is specified more than once in the SET clause or column list of an INSERT. A column cannot be assigned more than one value in the same clause. Modify the clause to make sure that a column is updated only once.",
  },
  266: {
    severity: 16,
    state: 2,
    text: "Transaction count after EXECUTE indicates a mismatching number of BEGIN and COMMIT statements. Previous count = {0}, current count = {1}.",
  },
  281: {
    severity: 16,
    text: "{0} is not a valid style number when converting from {1} to a character string.",
  },
  306: {
    severity: 16,
    text: "The text, ntext, and image data types cannot be compared or sorted, except when using IS NULL or LIKE operator.",
  },
  313: {
    severity: 16,
    text: "An insufficient number of arguments were supplied for the procedure or function {0}.",
  },
  319: {
    severity: 15,
    text: "Incorrect syntax near the keyword 'with'. If this statement is a common table expression, an xmlnamespaces clause or a change tracking context clause, the previous statement must be terminated with a semicolon.",
  },
  336: {
    severity: 15,
    text: "Incorrect syntax near '{0}'. If this is intended to be a common table expression, you need to explicitly terminate the previous statement with a semi-colon.",
  },
  402: {
    severity: 16,
    text: "The data types {0} and {1} are incompatible in the {2} operator.",
  },
  403: {
    severity: 16,
    text: "Invalid operator for data type. Operator equals {0}, type equals {1}.",
  },
  408: {
    severity: 16,
    text: "A constant expression was encountered in the ORDER BY list, position {0}.",
  },
  447: { severity: 16, text: "Expression type {0} is invalid for COLLATE clause." },
  448: { severity: 16, text: "Invalid collation '{0}'." },
  468: {
    severity: 16,
    text: 'Cannot resolve the collation conflict between "{0}" and "{1}" in the {2} operation.',
  },
  512: {
    severity: 16,
    text: "Subquery returned more than 1 value. This is not permitted when the subquery follows =, !=, <, <= , >, >= or when the subquery is used as an expression.",
  },
  515: {
    severity: 16,
    state: 2,
    text: "Cannot insert the value NULL into column '{0}', table '{1}'; column does not allow nulls. {2} fails.",
  },
  517: { severity: 16, text: "Adding a value to a '{0}' column caused an overflow." },
  529: {
    severity: 16,
    text: "Explicit conversion from data type {0} to {1} is not allowed.",
  },
  530: {
    severity: 16,
    text: "The statement terminated. The maximum recursion {0} has been exhausted before statement completion.",
  },
  535: {
    severity: 16,
    text: "The {0} function resulted in an overflow. The number of dateparts separating two date/time instances is too large. Try to use {0} with a less precise datepart.",
  },
  536: { severity: 16, text: "Invalid length parameter passed to the {0} function." },
  537: { severity: 16, text: "Invalid length parameter passed to the LEFT or SUBSTRING function." },
  544: {
    severity: 16,
    text: "Cannot insert explicit value for identity column in table '{0}' when IDENTITY_INSERT is set to OFF.",
  },
  545: {
    severity: 16,
    text: "Explicit value must be specified for identity column in table '{0}' either when IDENTITY_INSERT is set to ON or when a replication user is inserting into a NOT FOR REPLICATION identity column.",
  },
  701: {
    severity: 17,
    state: 123,
    text: "There is insufficient system memory in resource pool 'default' to run this query.",
  },
  911: {
    severity: 16,
    text: "Database '{0}' does not exist. Make sure that the name is entered correctly.",
  },
  916: {
    severity: 14,
    text: 'The server principal "{0}" is not able to access the database "{1}" under the current security context.',
  },
  1007: {
    severity: 15,
    text: "The number '{0}' is out of the range for numeric representation (maximum precision 38).",
  },
  1011: {
    severity: 15,
    text: "The correlation name '{0}' is specified multiple times in a FROM clause.",
  },
  1012: {
    severity: 15,
    text: "The correlation name '{0}' has the same exposed name as table '{1}'.",
  },
  1013: {
    severity: 16,
    text: 'The objects "{0}" and "{1}" in the FROM clause have the same exposed names. Use correlation names to distinguish them.',
  },
  1033: {
    severity: 15,
    text: "The ORDER BY clause is invalid in views, inline functions, derived tables, subqueries, and common table expressions, unless TOP, OFFSET or FOR XML is also specified.",
  },
  1062: {
    severity: 15,
    text: "The TOP N WITH TIES clause is not allowed without a corresponding ORDER BY clause.",
  },
  1088: {
    severity: 16,
    text: 'Cannot find the object "{0}" because it does not exist or you do not have permissions.',
  },
  1205: {
    severity: 13,
    text: "Transaction (Process ID {0}) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.",
  },
  1750: { severity: 16, text: "Could not create constraint or index. See previous errors." },
  1505: {
    severity: 16,
    text: "The CREATE UNIQUE INDEX statement terminated because a duplicate key was found for the object name '{0}'.",
  },
  1927: {
    severity: 16,
    text: "There are already statistics on table '{1}' named '{0}'.",
  },
  1911: {
    severity: 16,
    text: "Column name '{0}' does not exist in the target table or view.",
  },
  1913: {
    severity: 16,
    text: "The operation failed because an index or statistics with name '{0}' already exists on table '{1}'.",
  },
  2627: {
    severity: 14,
    text: "Violation of {0} constraint '{1}'. Cannot insert duplicate key in object '{2}'.",
  },
  2628: {
    severity: 16,
    text: "String or binary data would be truncated in table '{0}', column '{1}'. Truncated value: '{2}'.",
  },
  2702: { severity: 16, text: "Database '{0}' does not exist." },
  2705: {
    severity: 16,
    state: 3,
    text: "Column names in each table must be unique. Column name '{0}' in table '{1}' is specified more than once.",
  },
  2714: {
    severity: 16,
    state: 6,
    text: "There is already an object named '{0}' in the database.",
  },
  2715: {
    severity: 16,
    state: 6,
    text: "Column, parameter, or variable #{0}: Cannot find data type {1}.",
  },
  2724: { severity: 10, text: "Parameter or variable '{0}' has an invalid data type." },
  2732: {
    severity: 16,
    text: "Error number {0} is invalid. The number must be from 13000 through 2147483647 and it cannot be 50000.",
  },
  2740: { severity: 16, text: "SET ANSI_NULLS OFF is not supported." },
  2742: { severity: 16, text: "SET DATEFIRST {0} is out of range." },
  2749: {
    severity: 16,
    text: "Identity column '{0}' must be of data type int, bigint, smallint, tinyint, or decimal or numeric with a scale of 0, unencrypted, and constrained to be nonnullable.",
  },
  2750: {
    severity: 16,
    text: "Column or parameter #{0}: Specified column precision {1} is greater than the maximum precision of 38.",
  },
  2751: {
    severity: 16,
    text: "Column or parameter #{0}: Specified column scale {1} is greater than the specified precision of {2}.",
  },
  2754: {
    severity: 16,
    text: "Error severity levels greater than 18 can only be specified by members of the sysadmin role, using the WITH LOG option.",
  },
  2760: {
    severity: 16,
    text: 'The specified schema name "{0}" either does not exist or you do not have permission to use it.',
  },
  2786: {
    severity: 16,
    text: "The data type of substitution parameter does not match the expected type of the format specification.",
  },
  2787: { severity: 16, text: "Invalid format specification: '{0}'." },
  2812: { severity: 16, state: 62, text: "Could not find stored procedure '{0}'." },
  3609: { severity: 16, text: "The transaction ended in the trigger. The batch has been aborted." },
  3623: { severity: 16, text: "An invalid floating point operation occurred." },
  3701: {
    severity: 11,
    state: 5,
    text: "Cannot drop the {0} '{1}', because it does not exist or you do not have permission.",
  },
  3705: {
    severity: 16,
    text: "Cannot use DROP {0} with '{1}' because '{1}' is a {2}. Use DROP {3}.",
  },
  3728: { severity: 16, text: "'{0}' is not a constraint." },
  3729: {
    severity: 16,
    text: "Cannot drop schema '{0}' because it is being referenced by object '{1}'.",
  },
  3902: {
    severity: 16,
    text: "The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.",
  },
  3903: {
    severity: 16,
    text: "The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.",
  },
  3906: {
    severity: 16,
    text: 'Failed to update database "{0}" because the database is read-only.',
  },
  3930: {
    severity: 16,
    text: "The current transaction cannot be committed and cannot support operations that write to the log file. Roll back the transaction.",
  },
  3960: {
    severity: 16,
    state: 2,
    text: "Snapshot isolation transaction aborted due to update conflict. Another transaction changed the same rows first. Retry the transaction or statement.",
  },
  4060: {
    severity: 11,
    text: 'Cannot open database "{0}" requested by the login. The login failed.',
  },
  4104: { severity: 16, text: 'The multi-part identifier "{0}" could not be bound.' },
  4108: {
    severity: 15,
    text: "Windowed functions can only appear in the SELECT or ORDER BY clauses.",
  },
  4112: { severity: 15, text: "The function '{0}' must have an OVER clause with ORDER BY." },
  4113: {
    severity: 16,
    text: "The function '{0}' is not a valid windowing function, and cannot be used with the OVER clause.",
  },
  4121: {
    severity: 16,
    text: 'Cannot find either column "{0}" or the user-defined function or aggregate "{1}", or the name is ambiguous.',
  },
  4127: {
    severity: 16,
    text: "At least one of the arguments to COALESCE must be an expression that is not the NULL constant.",
  },
  4151: {
    severity: 16,
    text: "The type of the first argument to NULLIF cannot be the NULL constant because the type of the first argument has to be known.",
  },
  4145: {
    severity: 15,
    text: "An expression of non-boolean type specified in a context where a condition is expected, near '{0}'.",
  },
  4701: {
    severity: 16,
    text: 'Cannot find the object "{0}" because it does not exist or you do not have permissions.',
  },
  4806: {
    severity: 16,
    text: "SINGLE_CLOB requires a double-byte character set (DBCS) (char) input file.",
  },
  4815: {
    severity: 16,
    text: "Received an invalid column length from the bcp client for colid {0}.",
  },
  4860: {
    severity: 16,
    text: 'Cannot bulk load. The file "{0}" does not exist or you don\'t have file access rights.',
  },
  4861: {
    severity: 16,
    text: 'Cannot bulk load because the file "{0}" could not be opened. {1}',
  },
  4863: {
    severity: 16,
    text: "Bulk load data conversion error (truncation) for row {0}, column {1} ({2}).",
  },
  4864: {
    severity: 16,
    text: "Bulk load data conversion error (type mismatch or invalid character for the specified codepage) for row {0}, column {1} ({2}).",
  },
  4865: {
    severity: 16,
    text: "Cannot bulk load because the maximum number of errors ({0}) was exceeded.",
  },
  4902: {
    severity: 16,
    text: 'Cannot find the object "{0}" because it does not exist or you do not have permissions.',
  },
  4901: {
    severity: 16,
    text: "ALTER TABLE only allows columns to be added that can contain nulls, or have a DEFAULT definition specified, or the column being added is an identity or timestamp column, or alternatively if none of the previous conditions are satisfied the table must be empty to allow addition of this column. Column '{0}' cannot be added to non-empty table '{1}' because it does not satisfy these conditions.",
  },
  4924: {
    severity: 16,
    text: "ALTER TABLE DROP COLUMN failed because column '{0}' does not exist in table '{1}'.",
  },
  4925: {
    severity: 16,
    text: "ALTER TABLE ALTER COLUMN {0} failed because column '{0}' does not exist in table '{1}'.",
  },
  4943: {
    severity: 16,
    text: "ALTER TABLE SWITCH statement failed because table '{0}' has {1} columns and table '{2}' has {3} columns.",
  },
  5001: { severity: 16, text: "User must be in the master database." },
  5074: { severity: 16, text: "The {0} '{1}' is dependent on column '{2}'." },
  5701: { severity: 10, state: 2, text: "Changed database context to '{0}'." },
  5703: { severity: 10, text: "Changed language setting to {0}." },
  8115: {
    severity: 16,
    state: 2,
    text: "Arithmetic overflow error converting {0} to data type {1}.",
  },
  7715: { severity: 16, text: "The specified partition range value {0} could not be found." },
  7716: { severity: 16, text: "Duplicate range boundary value {0} is not allowed." },
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
  8733: {
    severity: 16,
    text: "Separator parameter for STRING_AGG must be a string literal or variable.",
  },
  9820: {
    severity: 16,
    text: "The time zone parameter '{0}' provided to AT TIME ZONE clause is invalid.",
  },
  9810: {
    severity: 16,
    text: "The datepart {0} is not supported by date function {1} for data type {2}.",
  },
  9829: {
    severity: 16,
    text: "STRING_AGG aggregation result exceeded the limit of 8000 bytes. Use LOB types to avoid result truncation.",
  },
  9803: { severity: 16, text: 'Invalid data for type "{0}".' },
  10704: {
    severity: 16,
    text: "To rethrow an error, a THROW statement must be used inside a CATCH block. Insert the THROW statement inside a CATCH block, or add error parameters to the THROW statement.",
  },
  10709: {
    severity: 16,
    text: "The number of columns for each row in a table value constructor must be the same.",
  },
  10753: { severity: 15, text: "The function '{0}' must have an OVER clause." },
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
  15517: {
    severity: 16,
    text: 'Cannot execute as the database principal because the principal "{0}" does not exist, this type of principal cannot be impersonated, or you do not have permission.',
  },
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
  42108: {
    severity: 20,
    text: "Can not connect to the SQL pool since it is paused. Please resume the SQL pool and try again.",
  },
  50000: { severity: 16, text: "{0}" },
  104309: { severity: 16, text: "Duplicate column ordinal not allowed." },
  106103: { severity: 16, text: "Distribution column '{0}' does not exist in the table." },
  111212: { severity: 16, text: "Operation cannot be performed within a transaction." },
};

/** Builds SQL Server's message `number` with its arguments filled in, at `at`'s line. */
export function sqlError(
  number: number,
  at: Position | undefined,
  ...args: readonly (string | number)[]
): SqlError {
  const row = messages[number];
  if (row === undefined) throw new Error(`message ${number} has no text`);
  const message = row.text.replace(/\{(\d)\}/g, (_, index) => String(args[Number(index)] ?? ""));
  return new SqlError({
    number,
    severity: row.severity,
    state: row.state ?? 1,
    message,
    line: at?.line ?? 1,
  });
}

export function fail(
  number: number,
  at: Position | undefined,
  ...args: readonly (string | number)[]
): never {
  throw sqlError(number, at, ...args);
}

/** Refuses a statement that is recognised and not run, by its name with line and column. */
export function refuseStatement(at: Position, name: string): never {
  return fail(40510, at, name, at.line, at.column);
}

/** Refuses an option, clause, function or keyword that is recognised and not run. */
export function refuseOption(at: Position, name: string): never {
  return fail(40517, at, name, at.line, at.column);
}
