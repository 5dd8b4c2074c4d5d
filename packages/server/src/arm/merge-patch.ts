// JSON merge patch (RFC 7396): objects merge, null removes, everything else replaces.

export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  const names = new Map(Object.keys(merged).map((name) => [name.toLowerCase(), name]));
  for (const [sentName, value] of Object.entries(patch)) {
    const name = names.get(sentName.toLowerCase()) ?? sentName;
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
