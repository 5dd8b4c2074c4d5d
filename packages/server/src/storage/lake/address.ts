// Addresses of the lake as clients write them, taken apart.

export interface LakeAddress {
  readonly account: string;
  readonly container: string;
  /** Without a slash at either end. */
  readonly path: string;
}

const schemes = /^(?:https?|abfss?|wasbs?):\/\//i;
const azureHost = /^([a-z0-9]+)\.(?:blob|dfs)\.core\.windows\.net$/i;

/**
 * `https://{account}.blob|dfs…/{container}/{path}`, `abfss://{container}@{account}.dfs…/{path}`, or
 * `…/storage/{account}/blob|dfs/{container}/{path}`; undefined for anything else.
 */
export function pathOf(url: string): LakeAddress | undefined {
  if (!schemes.test(url)) return undefined;
  const rest = url.replace(schemes, "").replace(/[?#].*$/, "");
  const [authority = "", ...segments] = rest.split("/");
  const decoded = decodeAll(segments);
  if (!decoded) return undefined;
  const [container, host] = authority.includes("@") ? authority.split("@") : [undefined, authority];
  const match = azureHost.exec(host ?? "");
  if (match) {
    const account = (match[1] ?? "").toLowerCase();
    return container === undefined
      ? addressOf(account, decoded)
      : addressOf(account, [container, ...decoded]);
  }
  if (decoded[0]?.toLowerCase() !== "storage") return undefined;
  return addressOf((decoded[1] ?? "").toLowerCase(), decoded.slice(3));
}

function addressOf(account: string, [container = "", ...path]: readonly string[]): LakeAddress {
  return { account, container, path: path.filter((segment) => segment !== "").join("/") };
}

function decodeAll(segments: readonly string[]): string[] | undefined {
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
