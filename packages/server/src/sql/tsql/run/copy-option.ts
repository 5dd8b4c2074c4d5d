// The WITH options of COPY INTO. Source: "COPY INTO (Transact-SQL)".
import type { LakeCredential } from "../../ports.ts";
import type { NamedOption, OptionValue } from "../ast.ts";
import { fail, refuseOption } from "../error.ts";

export interface CopyOptions {
  fileType: "CSV" | "PARQUET";
  fieldTerminator: string;
  rowTerminator: string;
  fieldQuote: string;
  firstRow: number;
  maxErrors: number;
  encoding: string;
  compression: string;
  dateFormat: string;
  identityInsert: boolean;
  credential: LakeCredential | undefined;
}

export function word(value: OptionValue): string {
  if (value.kind === "string" || value.kind === "word") return value.text;
  return value.kind === "number" ? String(value.value) : "";
}

const defaults: CopyOptions = {
  fileType: "CSV",
  fieldTerminator: ",",
  rowTerminator: "\n",
  fieldQuote: '"',
  firstRow: 1,
  maxErrors: 0,
  encoding: "UTF8",
  compression: "NONE",
  dateFormat: "mdy",
  identityInsert: false,
  credential: undefined,
};

export function copyOptions(node: { options: readonly NamedOption[] }): CopyOptions {
  const options = { ...defaults };
  for (const option of node.options) applyOption(options, option);
  return options;
}

function applyOption(options: CopyOptions, option: NamedOption): void {
  const text = word(option.value);
  switch (option.name) {
    case "FILE_TYPE":
      if (text.toUpperCase() !== "CSV" && text.toUpperCase() !== "PARQUET")
        refuseOption(option.at, `FILE_TYPE ${text}`);
      options.fileType = text.toUpperCase() as CopyOptions["fileType"];
      break;
    case "FIELDTERMINATOR":
      options.fieldTerminator = terminator(text);
      break;
    case "ROWTERMINATOR":
      options.rowTerminator = terminator(text);
      break;
    case "FIELDQUOTE":
      options.fieldQuote = terminator(text);
      break;
    case "FIRSTROW":
      options.firstRow = wholeNumber(option, text, 1);
      break;
    case "MAXERRORS":
      options.maxErrors = wholeNumber(option, text, 0);
      break;
    case "ENCODING":
      if (!/^UTF-?8$/i.test(text)) refuseOption(option.at, `ENCODING ${text}`);
      break;
    case "COMPRESSION":
      if (!/^(NONE|GZIP|SNAPPY)$/i.test(text)) refuseOption(option.at, `COMPRESSION ${text}`);
      options.compression = text.toUpperCase();
      break;
    case "DATEFORMAT":
      if (!/^mdy$/i.test(text)) refuseOption(option.at, `DATEFORMAT ${text}`);
      break;
    case "IDENTITY_INSERT":
      if (!/^(on|off)$/i.test(text)) fail(102, option.at, text);
      options.identityInsert = /^on$/i.test(text);
      break;
    case "CREDENTIAL":
      options.credential = credentialOf(option);
      break;
    case "ERRORFILE":
    case "ERRORFILE_CREDENTIAL":
      refuseOption(option.at, option.name);
      break;
    case "AUTO_CREATE_TABLE":
      if (/^on$/i.test(text)) refuseOption(option.at, "AUTO_CREATE_TABLE");
      break;
    default:
      refuseOption(option.at, option.name);
  }
}

function wholeNumber(option: NamedOption, text: string, least: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : -1;
  return value < least ? fail(102, option.at, text) : value;
}

/** Terminators may be written in hexadecimal: '0x0A'; `\t` and `\n` as escapes. */
export function terminator(text: string): string {
  const hex = /^0x([0-9a-f]{2,})$/i.exec(text);
  if (hex !== null) return Buffer.from(hex[1]!, "hex").toString("utf8");
  return text.replaceAll("\\t", "\t").replaceAll("\\n", "\n").replaceAll("\\r", "\r");
}

function credentialOf(option: NamedOption): LakeCredential {
  if (option.value.kind !== "list") return fail(102, option.at, "CREDENTIAL");
  const find = (name: string): string | undefined => {
    const found = (option.value as Extract<OptionValue, { kind: "list" }>).options.find(
      (entry) => entry.name === name,
    );
    return found === undefined ? undefined : word(found.value);
  };
  const identity = find("IDENTITY");
  const secret = find("SECRET");
  if (identity === undefined) fail(102, option.at, "IDENTITY");
  return { identity: identity!, ...(secret === undefined ? {} : { secret }) };
}
