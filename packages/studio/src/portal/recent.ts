// The scopes that were opened last, kept with the browser tab only.

const storageKey = "callosum.recent";
const recentMax = 8;

export function recentScopes(): readonly string[] {
  const kept = sessionStorage.getItem(storageKey);
  return kept === null ? [] : JSON.parse(kept);
}

export function rememberScope(id: string): void {
  const others = recentScopes().filter((known) => known.toLowerCase() !== id.toLowerCase());
  sessionStorage.setItem(storageKey, JSON.stringify([id, ...others].slice(0, recentMax)));
}
