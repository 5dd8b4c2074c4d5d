// Work is done once: a parsed text is kept under the text itself, up to a bound on their size.

export interface Cache<T> {
  get(text: string): T;
}

/** `make` is called again for a text that was dropped; the least recently used go first. */
export function cacheByText<T>(make: (text: string) => T, charactersMax: number): Cache<T> {
  const kept = new Map<string, T>();
  let characters = 0;
  return {
    get(text) {
      const found = kept.get(text);
      if (found !== undefined) {
        kept.delete(text);
        kept.set(text, found);
        return found;
      }
      const made = make(text);
      kept.set(text, made);
      characters += text.length;
      for (const oldest of kept.keys()) {
        if (characters <= charactersMax) break;
        kept.delete(oldest);
        characters -= oldest.length;
      }
      return made;
    },
  };
}
