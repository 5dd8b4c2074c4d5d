// Character, binary and uniqueidentifier cells. Short types carry a two-byte length; max types are
// partially length-prefixed (PLP): total length, one chunk, terminator (MS-TDS 2.2.5.2.3).
import { CellError, type CellWriter, splitNulls, type WriteLive } from "./cell.ts";
import { byteOfCodeUnit } from "./collation.ts";
import type { Slab } from "./output.ts";

type Units = string | Uint8Array;

/** How the values of a type become bytes. */
interface TextForm {
  readonly bytesPerUnit: 1 | 2;
  readonly binary: boolean;
  /** Writes one value at `at`. */
  put(slab: Slab, at: number, value: Units): void;
}

/** From here on the runtime's own copy beats a loop. */
const copyUnitsMin = 48;

function putWide({ bytes, view }: Slab, at: number, value: Units): void {
  const text = value as string;
  const count = text.length;
  if (count >= copyUnitsMin) {
    bytes.write(text, at, "utf16le");
    return;
  }
  let index = 0;
  for (; index + 1 < count; index += 2) {
    const pair = text.charCodeAt(index) | (text.charCodeAt(index + 1) << 16);
    view.setInt32(at + index * 2, pair, true);
  }
  if (index < count) view.setUint16(at + index * 2, text.charCodeAt(index), true);
}

function putNarrow({ bytes }: Slab, at: number, value: Units): void {
  const text = value as string;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    bytes[at + index] = code < 0x80 ? code : byteOfCodeUnit[code]!;
  }
}

function putPlain({ bytes }: Slab, at: number, value: Units): void {
  bytes.set(value as Uint8Array, at);
}

const wideText: TextForm = { bytesPerUnit: 2, binary: false, put: putWide };
const narrowText: TextForm = { bytesPerUnit: 1, binary: false, put: putNarrow };
const plainBytes: TextForm = { bytesPerUnit: 1, binary: true, put: putPlain };

export function textForm(name: string): TextForm {
  if (name.endsWith("binary")) return plainBytes;
  return name.startsWith("n") ? wideText : narrowText;
}

/** Characters or bytes of a value; throws on what is neither. */
function unitsOf(value: unknown, form: TextForm, column: number): number {
  if (typeof value === "string") {
    if (!form.binary) return value.length;
  } else if (form.binary && value instanceof Uint8Array) {
    return value.length;
  }
  const wanted = form.binary ? "bytes" : "text";
  throw new CellError(`column ${column} carries ${wanted} and got ${typeof value}`);
}

const shortNull = Uint8Array.of(0xff, 0xff);

export function shortCells(options: {
  column: number;
  nullable: boolean;
  bytesMax: number;
  form: TextForm;
}): CellWriter {
  const { column, nullable, bytesMax, form } = options;
  const { bytesPerUnit } = form;
  return {
    flatBytes: 2,
    measure(cells, window, count) {
      const { from, sizes, savings } = window;
      for (let row = 0; row < count; row++) {
        const value = cells[from + row];
        if (value === null) {
          if (!nullable) throw new CellError(`column ${column} is NOT NULL and got a null`);
          window.hasNulls = true;
          savings[row] = savings[row]! + 2;
          continue;
        }
        const byteCount = unitsOf(value, form, column) * bytesPerUnit;
        if (byteCount > bytesMax) {
          throw new CellError(`column ${column} holds ${bytesMax} bytes and got ${byteCount}`);
        }
        sizes[row] = sizes[row]! + byteCount;
      }
    },
    write(cells, window, range, slab) {
      const { bytes, view } = slab;
      const { from, cursors } = window;
      const live = splitNulls(cells, window, range, { marker: shortNull, column, bytes });
      for (let index = live.from; index < live.to; index++) {
        const row = live.rows[index]!;
        const value = cells[from + row] as Units;
        const byteCount = value.length * bytesPerUnit;
        const at = cursors[row]!;
        view.setUint16(at, byteCount, true);
        form.put(slab, at + 2, value);
        cursors[row] = at + 2 + byteCount;
      }
    },
  };
}

const chunkedNull = new Uint8Array(8).fill(0xff);
/** Total length (8), chunk length (4), terminator (4). */
const chunkedBytes = 16;

export function chunkedCells(options: {
  column: number;
  nullable: boolean;
  form: TextForm;
}): CellWriter {
  const { column, nullable, form } = options;
  const { bytesPerUnit } = form;
  return {
    flatBytes: chunkedBytes,
    measure(cells, window, count) {
      const { from, sizes, savings } = window;
      for (let row = 0; row < count; row++) {
        const value = cells[from + row];
        if (value === null) {
          if (!nullable) throw new CellError(`column ${column} is NOT NULL and got a null`);
          window.hasNulls = true;
          sizes[row] = sizes[row]! - chunkedBytes + chunkedNull.length;
          savings[row] = savings[row]! + chunkedNull.length;
          continue;
        }
        const units = unitsOf(value, form, column);
        // An empty value has no chunk, only the terminator.
        sizes[row] = sizes[row]! + (units === 0 ? -4 : units * bytesPerUnit);
      }
    },
    write(cells, window, range, slab) {
      const { bytes, view } = slab;
      const { from, cursors } = window;
      const live = splitNulls(cells, window, range, { marker: chunkedNull, column, bytes });
      for (let index = live.from; index < live.to; index++) {
        const row = live.rows[index]!;
        const value = cells[from + row] as Units;
        const byteCount = value.length * bytesPerUnit;
        let at = cursors[row]!;
        view.setUint32(at, byteCount, true);
        view.setUint32(at + 4, 0, true);
        at += 8;
        if (byteCount > 0) {
          view.setUint32(at, byteCount, true);
          form.put(slab, at + 4, value);
          at += 4 + byteCount;
        }
        view.setUint32(at, 0, true);
        cursors[row] = at + 4;
      }
    },
  };
}

const hexValue = new Int8Array(128).fill(-1);
for (let digit = 0; digit < 16; digit++) {
  const text = digit.toString(16);
  hexValue[text.charCodeAt(0)] = digit;
  hexValue[text.toUpperCase().charCodeAt(0)] = digit;
}

/** Place in the text of each byte's digits: the first three groups travel reversed. */
const guidOrder = [6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34];

export const writeGuid: WriteLive = (cells, window, live, { bytes }, prefix) => {
  const { from, cursors } = window;
  for (let index = live.from; index < live.to; index++) {
    const row = live.rows[index]!;
    const text = cells[from + row] as string;
    const at = cursors[row]! + 1;
    bytes[at - 1] = prefix;
    let valid = text.length === 36 ? 0 : -1;
    for (let place = 0; place < 16; place++) {
      const digit = guidOrder[place]!;
      const high = hexValue[text.charCodeAt(digit)] ?? -1;
      const low = hexValue[text.charCodeAt(digit + 1)] ?? -1;
      valid |= high | low;
      bytes[at + place] = (high << 4) | low;
    }
    if (valid < 0) throw new CellError(`not a uniqueidentifier: ${text.slice(0, 40)}`);
    cursors[row] = at + 16;
  }
};

/** Text of sixteen wire bytes, in upper case. */
export function readGuid(bytes: Buffer): string {
  const hex = guidOrder.map((_, place) => bytes[place]!.toString(16).padStart(2, "0"));
  const digits = new Array<string>(36).fill("-");
  guidOrder.forEach((at, place) => {
    digits[at] = hex[place]![0]!;
    digits[at + 1] = hex[place]![1]!;
  });
  return digits.join("").toUpperCase();
}
