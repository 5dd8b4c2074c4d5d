// The WITH options of external data sources, file formats and tables, and what they mean. Sources: "CREATE EXTERNAL
// DATA SOURCE", "CREATE EXTERNAL FILE FORMAT" and "CREATE EXTERNAL TABLE" for Azure Synapse Analytics.
import type { NamedOption, OptionValue, Position } from "../ast.ts";
import type {
  ExternalDataSource,
  ExternalFileFormat,
  ExternalTableObject,
  RejectLimit,
} from "../catalogue/model.ts";
import { engineDateFormat } from "../emit/delimited-text.ts";
import { fail, refuseOption } from "../error.ts";
import { terminator, word } from "./copy-option.ts";

/** What each option does to what is being made; any other is refused by name. */
type Readers<T> = Readonly<Record<string, (made: T, option: NamedOption, text: string) => void>>;

function read<T>(options: readonly NamedOption[], made: T, readers: Readers<T>): T {
  const seen = new Set<string>();
  for (const option of options) {
    const reader = Object.hasOwn(readers, option.name) ? readers[option.name] : undefined;
    if (reader === undefined) return refuseOption(option.at, option.name);
    if (seen.has(option.name)) fail(46504, option.at, option.name);
    seen.add(option.name);
    reader(made, option, word(option.value));
  }
  return made;
}

type Partly<T> = { -readonly [K in keyof T]?: T[K] };

export type SourceOptions = Omit<ExternalDataSource, "id" | "name">;

/** Addresses of the lake: Blob Storage and Data Lake Storage Gen2. */
const lakeAddress = /^(?:abfss?|wasbs?|https):\/\//i;

const sourceReaders: Readers<Partly<SourceOptions>> = {
  LOCATION(made, { at }, text) {
    if (!lakeAddress.test(text))
      refuseOption(at, `LOCATION ${/^\w+:\/\//.exec(text)?.[0] ?? text}`);
    made.location = text;
  },
  CREDENTIAL(made, _option, text) {
    made.credential = text;
  },
  TYPE(made, { at }, text) {
    if (text.toUpperCase() !== "HADOOP") refuseOption(at, `TYPE = ${text.toUpperCase()}`);
    made.isHadoop = true;
  },
};

export function sourceOptions(options: readonly NamedOption[], at: Position): SourceOptions {
  const made = read(options, { isHadoop: false } as Partly<SourceOptions>, sourceReaders);
  const { location = fail(46505, at, "LOCATION"), isHadoop = false, credential } = made;
  return { location, isHadoop, ...(credential === undefined ? {} : { credential }) };
}

export type FormatOptions = Omit<ExternalFileFormat, "id" | "name">;

const kinds: Readonly<Record<string, FormatOptions["kind"]>> = {
  DELIMITEDTEXT: "delimitedText",
  PARQUET: "parquet",
};

const codecs: Readonly<Record<FormatOptions["kind"], RegExp>> = {
  delimitedText: /^org\.apache\.hadoop\.io\.compress\.GzipCodec$/i,
  parquet: /^org\.apache\.hadoop\.io\.compress\.(?:Snappy|Gzip)Codec$/i,
};

const formatReaders: Readers<FormatOptions & { kindIsGiven?: true }> = {
  FORMAT_TYPE(made, { at }, text) {
    made.kind =
      kinds[text.toUpperCase()] ?? refuseOption(at, `FORMAT_TYPE = ${text.toUpperCase()}`);
    made.kindIsGiven = true;
  },
  DATA_COMPRESSION(made, { at }, text) {
    if (!codecs[made.kind].test(text)) refuseOption(at, `DATA_COMPRESSION = ${text}`);
    made.compression = text;
  },
  FORMAT_OPTIONS(made, { at, value }) {
    if (value.kind !== "list") fail(46504, at, "FORMAT_OPTIONS");
    if (made.kind !== "delimitedText") fail(46504, at, "FORMAT_OPTIONS");
    read((value as Extract<OptionValue, { kind: "list" }>).options, made, textReaders);
  },
};

const firstRowMax = 15;

const textReaders: Readers<FormatOptions> = {
  FIELD_TERMINATOR(made, { at }, text) {
    made.fieldTerminator = terminator(text);
    if (!/^[^\r\n]{1,4}$/.test(made.fieldTerminator)) fail(46504, at, "FIELD_TERMINATOR");
  },
  STRING_DELIMITER(made, { at }, text) {
    made.stringDelimiter = delimiter(text);
    if (made.stringDelimiter.length > 1)
      refuseOption(at, "STRING_DELIMITER of more than one character");
  },
  FIRST_ROW(made, { at }, text) {
    made.firstRow = /^\d+$/.test(text) ? Number(text) : 0;
    if (made.firstRow < 1 || made.firstRow > firstRowMax) fail(46504, at, "FIRST_ROW");
  },
  DATE_FORMAT(made, { at }, text) {
    if (text === "") return;
    if (engineDateFormat(text) === undefined) refuseOption(at, `DATE_FORMAT = ${text}`);
    made.dateFormat = text;
  },
  USE_TYPE_DEFAULT(made, { at }, text) {
    if (!/^(?:true|false)$/i.test(text)) fail(46504, at, "USE_TYPE_DEFAULT");
    made.useTypeDefault = /^true$/i.test(text);
  },
  ENCODING(made, { at }, text) {
    if (!/^UTF-?(?:8|16)$/i.test(text)) refuseOption(at, `ENCODING = ${text}`);
    made.encoding = /8$/.test(text) ? "UTF8" : "UTF16";
  },
  PARSER_VERSION(_made, { at }, text) {
    if (!/^[12]\.0$/.test(text)) fail(46504, at, "PARSER_VERSION");
  },
};

/** `0x7E0x7E` is two characters. */
function delimiter(text: string): string {
  if (!/^(?:0x[0-9a-f]{2})+$/i.test(text)) return text;
  return Buffer.from(text.replaceAll(/0x/gi, ""), "hex").toString("utf8");
}

export function formatOptions(options: readonly NamedOption[], at: Position): FormatOptions {
  const made: FormatOptions & { kindIsGiven?: true } = {
    kind: "delimitedText",
    fieldTerminator: "|",
    stringDelimiter: "",
    firstRow: 1,
    useTypeDefault: false,
    encoding: "UTF8",
  };
  // What the other options may be depends on the type, wherever it stands.
  const isType = ({ name }: NamedOption): boolean => name === "FORMAT_TYPE";
  const ordered = [...options.filter(isType), ...options.filter((option) => !isType(option))];
  const { kindIsGiven, ...result } = read(ordered, made, formatReaders);
  if (!kindIsGiven) fail(46505, at, "FORMAT_TYPE");
  return result;
}

export type TableOptions = Pick<
  ExternalTableObject,
  "location" | "dataSource" | "fileFormat" | "reject"
>;

interface TableParts extends Partly<Omit<TableOptions, "reject">> {
  rejectType?: RejectLimit["kind"];
  rejectValue?: number;
  rejectSample?: number;
}

const tableReaders: Readers<TableParts> = {
  LOCATION(made, _option, text) {
    made.location = text;
  },
  DATA_SOURCE(made, _option, text) {
    made.dataSource = text;
  },
  FILE_FORMAT(made, _option, text) {
    made.fileFormat = text;
  },
  REJECT_TYPE(made, { at }, text) {
    if (!/^(?:value|percentage)$/i.test(text)) fail(46504, at, "REJECT_TYPE");
    made.rejectType = text.toLowerCase() as RejectLimit["kind"];
  },
  REJECT_VALUE(made, { at, value }) {
    if (value.kind !== "number") fail(46504, at, "REJECT_VALUE");
    made.rejectValue = (value as Extract<OptionValue, { kind: "number" }>).value;
  },
  REJECT_SAMPLE_VALUE(made, { at, value }) {
    if (value.kind !== "number" || !(value.value > 0)) fail(46504, at, "REJECT_SAMPLE_VALUE");
    made.rejectSample = (value as Extract<OptionValue, { kind: "number" }>).value;
  },
};

export function tableOptions(options: readonly NamedOption[], at: Position): TableOptions {
  const made = read(options, {} as TableParts, tableReaders);
  const { location, dataSource, fileFormat } = made;
  return {
    location: location ?? fail(46505, at, "LOCATION"),
    dataSource: dataSource ?? fail(46505, at, "DATA_SOURCE"),
    fileFormat: fileFormat ?? fail(46505, at, "FILE_FORMAT"),
    reject: rejectLimit(made, at),
  };
}

/** A percentage is of samples, and needs their size. */
function rejectLimit(made: TableParts, at: Position): RejectLimit {
  const { rejectType = "value", rejectValue: most = 0, rejectSample: sample } = made;
  if (rejectType === "value") {
    if (!Number.isInteger(most) || most < 0) fail(46504, at, "REJECT_VALUE");
    return { kind: "value", most };
  }
  if (!(most >= 0 && most <= 100)) fail(46504, at, "REJECT_VALUE");
  if (sample === undefined) return fail(46505, at, "REJECT_SAMPLE_VALUE");
  return { kind: "percentage", most, sample };
}
