// Steps in JavaScript over blocks of 512 floats: what wasm/kernel-element.ts and kernel-exponential.ts leave.

type Floats = Float32Array;

export function logLoop(a: Floats, out: Floats): void {
  for (let i = 0; i < out.length; i += 1) out[i] = Math.log(a[i] as number);
}

/** The first largest: NaN never beats what came before it. */
export function argMaxLoop(of: readonly Floats[], out: Floats): void {
  const [first, ...rest] = of as readonly [Floats, ...Floats[]];
  for (let i = 0; i < out.length; i += 1) {
    let best = first[i] as number;
    let at = 0;
    for (let j = 0; j < rest.length; j += 1) {
      const value = (rest[j] as Floats)[i] as number;
      if (value > best) {
        best = value;
        at = j + 1;
      }
    }
    out[i] = at;
  }
}
