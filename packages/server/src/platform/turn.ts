// Work that must not overlap in this process: what is at one place takes turns, in the order of asking.

/** Gives what `work` gives, once all earlier work at the place has ended. */
export type Turns = <Result>(place: string, work: () => Promise<Result>) => Promise<Result>;

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return async (place, work) => {
    const turn = (last.get(place) ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => undefined);
    last.set(place, settled);
    try {
      return await turn;
    } finally {
      if (last.get(place) === settled) last.delete(place);
    }
  };
}
