// Messages 1000 to 7999: objects, constraints, transactions, bulk load.
// Texts and severities are the documented ones ("Database engine events and errors").
import type { MessageRow } from "./row.ts";

export const objectMessages: Readonly<Record<number, MessageRow>> = {
  1001: { severity: 15, text: "Line {0}: Length or precision specification {1} is invalid." },
  1002: { severity: 15, text: "Line {0}: Specified scale {1} is invalid." },
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
  1060: {
    severity: 15,
    text: "The number of rows provided for a TOP or FETCH clauses row count parameter must be an integer.",
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
  1505: {
    severity: 16,
    text: "The CREATE UNIQUE INDEX statement terminated because a duplicate key was found for the object name '{0}'.",
  },
  1750: { severity: 16, text: "Could not create constraint or index. See previous errors." },
  1911: {
    severity: 16,
    text: "Column name '{0}' does not exist in the target table or view.",
  },
  1913: {
    severity: 16,
    text: "The operation failed because an index or statistics with name '{0}' already exists on table '{1}'.",
  },
  1927: {
    severity: 16,
    text: "There are already statistics on table '{1}' named '{0}'.",
  },
  2627: {
    severity: 14,
    text: "Violation of {0} constraint '{1}'. Cannot insert duplicate key in object '{2}'.",
  },
  2628: {
    severity: 16,
    text: "String or binary data would be truncated in table '{0}', column '{1}'. Truncated value: '{2}'.",
  },
  2501: {
    severity: 16,
    text: 'Cannot find a table or object with the name "{0}". Check the system catalog.',
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
    text: "Cannot drop {0} '{1}' because it is being referenced by object '{2}'.",
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
  4002: {
    severity: 16,
    text: "The incoming tabular data stream (TDS) protocol stream is incorrect. The TDS stream ended unexpectedly.",
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
  4116: {
    severity: 16,
    text: "The function '{0}' takes only a positive int or bigint expression as its input.",
  },
  4121: {
    severity: 16,
    text: 'Cannot find either column "{0}" or the user-defined function or aggregate "{1}", or the name is ambiguous.',
  },
  4127: {
    severity: 16,
    text: "At least one of the arguments to COALESCE must be an expression that is not the NULL constant.",
  },
  4145: {
    severity: 15,
    text: "An expression of non-boolean type specified in a context where a condition is expected, near '{0}'.",
  },
  4151: {
    severity: 16,
    text: "The type of the first argument to NULLIF cannot be the NULL constant because the type of the first argument has to be known.",
  },
  4194: {
    severity: 16,
    text: "RANGE is only supported with UNBOUNDED and CURRENT ROW window frame delimiters.",
  },
  4611: {
    severity: 16,
    text: "To revoke or deny grantable privileges, specify the CASCADE option.",
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
  4834: {
    severity: 16,
    text: "You do not have permission to use the bulk load statement.",
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
  4901: {
    severity: 16,
    text: "ALTER TABLE only allows columns to be added that can contain nulls, or have a DEFAULT definition specified, or the column being added is an identity or timestamp column, or alternatively if none of the previous conditions are satisfied the table must be empty to allow addition of this column. Column '{0}' cannot be added to non-empty table '{1}' because it does not satisfy these conditions.",
  },
  4902: {
    severity: 16,
    text: 'Cannot find the object "{0}" because it does not exist or you do not have permissions.',
  },
  4924: {
    severity: 16,
    text: "ALTER TABLE DROP COLUMN failed because column '{0}' does not exist in table '{1}'.",
  },
  4925: {
    severity: 16,
    text: "ALTER TABLE ALTER COLUMN {0} failed because column '{0}' does not exist in table '{1}'.",
  },
  4904: {
    severity: 16,
    text: "ALTER TABLE SWITCH statement failed. The specified partition {0} of target table '{1}' must be empty.",
  },
  4905: {
    severity: 16,
    text: "ALTER TABLE SWITCH statement failed. The target table '{0}' must be empty.",
  },
  4911: {
    severity: 16,
    text: "Cannot specify a partitioned table without partition number in ALTER TABLE SWITCH statement. The table '{0}' is partitioned.",
  },
  4943: {
    severity: 16,
    text: "ALTER TABLE SWITCH statement failed because table '{0}' has {1} columns and table '{2}' has {3} columns.",
  },
  4944: {
    severity: 16,
    text: "ALTER TABLE SWITCH statement failed because column '{0}' has data type {1} in source table '{2}' which is different from its type {3} in target table '{4}'.",
  },
  4972: {
    severity: 16,
    text: "ALTER TABLE SWITCH statement failed. Check constraints or partition function of source table '{0}' allows values that are not allowed by check constraints or partition function on target table '{1}'.",
  },
  5001: { severity: 16, text: "User must be in the master database." },
  5011: {
    severity: 14,
    text: "User does not have permission to alter database '{0}', the database does not exist, or the database is not in a state that allows access checks.",
  },
  5074: { severity: 16, text: "The {0} '{1}' is dependent on column '{2}'." },
  5308: {
    severity: 16,
    text: "Windowed functions, aggregates and NEXT VALUE FOR functions do not support integer indices as ORDER BY clause expressions.",
  },
  5309: {
    severity: 16,
    text: "Windowed functions, aggregates and NEXT VALUE FOR functions do not support constants as ORDER BY clause expressions.",
  },
  5701: { severity: 10, state: 2, text: "Changed database context to '{0}'." },
  5703: { severity: 10, text: "Changed language setting to {0}." },
  6102: { severity: 14, text: "User does not have permission to use the KILL statement." },
  6104: { severity: 16, text: "Cannot use KILL to kill your own process." },
  6106: { severity: 16, text: "Process ID {0} is not an active process ID." },
  7708: {
    severity: 16,
    text: "Duplicate values are not allowed in partition function boundary values list. Partition boundary values at ordinal {0} and {1} are equal.",
  },
  7715: { severity: 16, text: "The specified partition range value {0} could not be found." },
  7716: { severity: 16, text: "Duplicate range boundary value {0} is not allowed." },
  7722: {
    severity: 16,
    text: "Invalid partition number {0} specified for table '{1}', partition number can range from 1 to {2}.",
  },
};
