// Messages of external data sources, file formats, tables and their credentials. Source: "Database engine events and
// errors" 15000 to 46999; 105000 and beyond are the distributed engine's, as its users have reported them.
import type { MessageRow } from "./row.ts";

export const externalMessages: Readonly<Record<number, MessageRow>> = {
  15578: {
    severity: 16,
    text: "There is already a master key in the database. Please drop it before performing this statement.",
  },
  15580: {
    severity: 16,
    text: "Cannot drop master key because credential '{0}' is encrypted by it.",
  },
  15581: {
    severity: 16,
    text: "Please create a master key in the database or open the master key in the session before performing this operation.",
  },
  46502: { severity: 16, text: "Type with name '{0}' already exists." },
  46504: {
    severity: 16,
    text: "External option '{0}' is not valid. Ensure that the length and range are appropriate.",
  },
  46505: { severity: 16, text: "Missing required external DDL option '{0}'." },
  46516: {
    severity: 16,
    text: "The specified credential cannot be found or the user does not have permission to perform this action.",
  },
  46519: { severity: 16, state: 16, text: "{0} are not supported with external tables." },
  46520: {
    severity: 16,
    text: "The external DDL statement contained an unrecognized option. ('{0}')",
  },
  105002: {
    severity: 16,
    text: "EXTERNAL TABLE access failed because the specified path name '{0}' does not exist. Enter a valid path and try again.",
  },
  105005: {
    severity: 16,
    text: "CREATE EXTERNAL TABLE AS SELECT statement failed as the path name '{0}' could not be used for export. Please ensure that the specified path is a directory which exists or can be created, and that files can be created in that directory. ({1})",
  },
  105019: {
    severity: 16,
    text: "EXTERNAL TABLE access failed due to internal error: '{0}'",
  },
  106000: {
    severity: 16,
    text: "HdfsBridge::recordReaderFillBuffer - Unexpected error encountered filling record reader buffer: the external table '{0}' has {1} columns, its Parquet files have {2}.",
  },
  107090: {
    severity: 16,
    text: "Query aborted-- the maximum reject threshold ({0}) was reached while reading from an external source: {1} rows rejected out of total {2} rows processed. {3}",
  },
};
