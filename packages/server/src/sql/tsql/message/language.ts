// Messages 100 to 999: syntax, names, conversions.
// Texts and severities are the documented ones ("Database engine events and errors").
import type { MessageRow } from "./row.ts";

export const languageMessages: Readonly<Record<number, MessageRow>> = {
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
  117: {
    severity: 15,
    text: "The object name '{0}' contains more than the maximum number of prefixes. The maximum is 3.",
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
  153: { severity: 15, text: "Invalid usage of the option {0} in the {1} statement." },
  155: { severity: 15, text: "'{0}' is not a recognized {1} option." },
  156: { severity: 15, text: "Incorrect syntax near the keyword '{0}'." },
  157: {
    severity: 15,
    text: "An aggregate may not appear in the set list of an UPDATE statement.",
  },
  158: {
    severity: 15,
    text: "'{0}' has more columns than were specified in the column list.",
  },
  159: {
    severity: 15,
    text: "Must specify the table name and index name for the DROP INDEX statement.",
  },
  164: {
    severity: 15,
    text: "Each GROUP BY expression must contain at least one column that is not an outer reference.",
  },
  168: {
    severity: 15,
    text: "The floating point value '{0}' is out of the range of computer representation (8 bytes).",
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
  191: {
    severity: 15,
    text: "Some part of your SQL statement is nested too deeply. Rewrite the query or break it up into smaller queries.",
  },
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
  289: {
    severity: 16,
    text: "Cannot construct data type {0}, some of the arguments have values which are not valid.",
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
  455: {
    severity: 16,
    state: 2,
    text: "The last statement included within a function must be a return statement.",
  },
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
  10754: {
    severity: 15,
    text: "The function '{0}' must have a WITHIN GROUP clause with one ORDER BY expression.",
  },
  10758: { severity: 15, text: "The function '{0}' may not have a window ORDER BY clause." },
};
