// What containers and versions of models have in common: the asset's envelope, and how lists of them
// are filtered and ordered (OpenAPI machinelearningservices 2022-10-01, 2023-06-01-preview).

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ArmResource } from "@callosum/contract/ports.ts";
import { Type } from "typebox";
import { v2Versions } from "./api-version.ts";

/** The first version with models, and those of SDK v2. */
export const modelApiVersions = ["2021-10-01", "2021-10-01-dataplanepreview", ...v2Versions];

export const modelName = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/,
  rule: "It has 1 to 255 letters, digits, '.', '-' and '_', and starts with a letter or digit.",
};

const TextMap = Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 64_000 })));

export const assetProperties = {
  description: Type.Optional(Type.String({ maxLength: 64_000 })),
  tags: TextMap,
  properties: TextMap,
  isArchived: Type.Boolean({ default: false }),
};

export const assetPaging = { size: ["$top", "count"], token: "$skip" };

type Asset = ArmResource & {
  readonly properties: {
    readonly isArchived?: boolean;
    readonly tags?: Readonly<Record<string, string>>;
    readonly properties?: Readonly<Record<string, string>>;
    readonly description?: string;
    readonly stage?: string;
  };
};

/** The parameters that name assets of a list; a value that we don't know is refused. */
export function selectAssets(
  resources: readonly ArmResource[],
  query: URLSearchParams,
): readonly ArmResource[] {
  const assets = resources as readonly Asset[];
  const filters = [
    viewFilter(query.get("listviewtype")),
    sameText(query.get("version"), ({ name }) => name),
    sameText(query.get("description"), ({ properties }) => properties.description ?? ""),
    sameText(query.get("stage"), ({ properties }) => properties.stage ?? ""),
    pairFilter(query.get("tags"), ({ properties }) => properties.tags),
    pairFilter(query.get("properties"), ({ properties }) => properties.properties),
  ];
  const found = assets.filter((asset) => filters.every((filter) => filter(asset)));
  const ordered = orderAssets(found, query.get("$orderby") ?? query.get("orderby"));
  return ordered.slice(offsetOf(query.get("offset")));
}

type Filter = (asset: Asset) => boolean;

function viewFilter(view: string | null): Filter {
  switch ((view ?? "ActiveOnly").toLowerCase()) {
    case "activeonly":
      return ({ properties }) => properties.isArchived !== true;
    case "archivedonly":
      return ({ properties }) => properties.isArchived === true;
    case "all":
      return () => true;
    default:
      throw invalid("listViewType", "it must be ActiveOnly, ArchivedOnly or All");
  }
}

function sameText(wanted: string | null, of: (asset: Asset) => string): Filter {
  return wanted === null ? () => true : (asset) => of(asset) === wanted;
}

/** `name1,name2=value2`: all must be there. */
function pairFilter(
  text: string | null,
  of: (asset: Asset) => Readonly<Record<string, string>> | undefined,
): Filter {
  const pairs = (text ?? "")
    .split(",")
    .filter((pair) => pair.trim() !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      return at === -1 ? [pair.trim()] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    });
  return (asset) => {
    const known = new Map(Object.entries(of(asset) ?? {}));
    return pairs.every(([name = "", value]) =>
      value === undefined ? known.has(name) : known.get(name) === value,
    );
  };
}

const orders: Readonly<Record<string, (asset: Asset) => string>> = {
  createdtime: ({ systemData }) => systemData?.createdAt ?? "",
  createdat: ({ systemData }) => systemData?.createdAt ?? "",
  modifiedtime: ({ systemData }) => systemData?.lastModifiedAt ?? "",
  updatedat: ({ systemData }) => systemData?.lastModifiedAt ?? "",
  name: ({ name }) => name,
  version: ({ name }) => name,
};

/** `createdtime desc`, or `CreatedAtDesc` as SDK v1 writes it; the latest first unless told. */
function orderAssets(assets: readonly Asset[], text: string | null): readonly Asset[] {
  const wanted = (text ?? "createdtime desc").trim();
  const match = /^([a-z]+?)\s*(asc|desc)?$/i.exec(wanted.replace(/^properties\//i, ""));
  const key = orders[match?.[1]?.toLowerCase() ?? ""];
  if (!key) throw invalid("$orderBy", `'${wanted}' is none of ${Object.keys(orders).join(", ")}`);
  const sign = match?.[2]?.toLowerCase() === "desc" ? -1 : 1;
  return [...assets].sort((a, b) => sign * (compare(key(a), key(b)) || compare(a.name, b.name)));
}

const numeric = new Intl.Collator("en", { numeric: true });

function compare(a: string, b: string): number {
  return numeric.compare(a, b);
}

function offsetOf(text: string | null): number {
  if (text === null) return 0;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw invalid("offset", "it must be a number that is not negative");
}

function invalid(parameter: string, reason: string) {
  return fail.InvalidParameter({ parameter, reason, target: parameter });
}

/** Assets say how far they are since 2023; the models of older clients do not know it. */
export function provisioningOf(apiVersion: string): { provisioningState?: "Succeeded" } {
  return apiVersion < "2023" ? {} : { provisioningState: "Succeeded" };
}
