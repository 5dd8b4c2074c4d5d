// The name that somebody probably meant: the nearest by edit distance, if it is near at all.

/** Case does not count. Undefined when nothing is within a third of the name's length. */
export function nearestName(wanted: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let nearest: { name: string; distance: number } | undefined;
  for (const name of known) {
    const far = distance(wanted.toLowerCase(), name.toLowerCase(), limit);
    if (far <= limit && (!nearest || far < nearest.distance)) nearest = { name, distance: far };
  }
  return nearest?.name;
}

/** Levenshtein, given up once it must exceed `limit`. */
function distance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const cost = left[i - 1] === right[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost));
    }
    if (Math.min(...next) > limit) return limit + 1;
    row = next;
  }
  return row.at(-1) ?? 0;
}
