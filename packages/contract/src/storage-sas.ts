// The texts that shared access signatures sign, by version. The resource manager makes signatures
// with them, the storage endpoints check them (learn.microsoft.com: create an account SAS, a service
// SAS, a user delegation SAS; the order of fields as @azure/storage-blob writes it).

/** Query parameters of a signature, by their short names. */
export type SasFields = Readonly<Record<string, string | undefined>>;

/** Text of an account signature. */
export function accountSasText(options: { accountName: string; fields: SasFields }): string {
  const { accountName, fields } = options;
  const version = fields.sv ?? "";
  const parts = [
    accountName,
    ...pick(fields, ["sp", "ss", "srt", "st", "se", "sip", "spr"]),
    version,
    ...(version >= "2020-12-06" ? [fields.ses ?? ""] : []),
  ];
  return `${parts.join("\n")}\n`;
}

const responseHeaders = ["rscc", "rscd", "rsce", "rscl", "rsct"] as const;

/**
 * Text of a service signature, made with an account key. `canonicalName` is
 * `/blob/{account}/{container}/{blob}` with the container and blob decoded.
 */
export function serviceSasText(options: { canonicalName: string; fields: SasFields }): string {
  const { canonicalName, fields } = options;
  const version = fields.sv ?? "";
  return [
    ...pick(fields, ["sp", "st", "se"]),
    canonicalName,
    ...pick(fields, ["si", "sip", "spr"]),
    version,
    ...(version >= "2018-11-09" ? [fields.sr ?? "", snapshotOf(fields)] : []),
    ...(version >= "2020-12-06" ? [fields.ses ?? ""] : []),
    ...pick(fields, responseHeaders),
  ].join("\n");
}

/**
 * Text of a user delegation signature. The signed request headers and query parameters (`srh`,
 * `srq`) come as they are signed: `name:value` with a line feed after, or before, each.
 */
export function userDelegationSasText(options: {
  canonicalName: string;
  fields: SasFields;
  requestHeaders?: string;
  requestQuery?: string;
}): string {
  const { canonicalName, fields, requestHeaders = "", requestQuery = "" } = options;
  const version = fields.sv ?? "";
  return [
    ...pick(fields, ["sp", "st", "se"]),
    canonicalName,
    ...pick(fields, ["skoid", "sktid", "skt", "ske", "sks", "skv"]),
    ...(version >= "2020-02-10" ? pick(fields, ["saoid", "suoid", "scid"]) : []),
    ...(version >= "2025-07-05" ? pick(fields, ["skdutid", "sduoid"]) : []),
    ...pick(fields, ["sip", "spr"]),
    version,
    fields.sr ?? "",
    snapshotOf(fields),
    ...(version >= "2020-12-06" ? [fields.ses ?? ""] : []),
    ...(version >= "2026-04-06" ? [requestHeaders, requestQuery] : []),
    ...pick(fields, responseHeaders),
  ].join("\n");
}

/** The text that a user delegation key's value is derived from. */
export function userDelegationKeyText(fields: SasFields): string {
  return pick(fields, ["skoid", "sktid", "skt", "ske", "sks", "skv"]).join("\n");
}

function pick(fields: SasFields, names: readonly string[]): string[] {
  return names.map((name) => fields[name] ?? "");
}

function snapshotOf(fields: SasFields): string {
  return fields.snapshot ?? "";
}
