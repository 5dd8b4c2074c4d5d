// Character, binary and uniqueidentifier cells. Short types carry a two-byte length; max types are
// partially length-prefixed (PLP): total length, one chunk, terminator (MS-TDS 2.2.5.2.3).
import {
  CellError,
  type Cells,
  type CellWriter,
  type RowWindow,
  splitNulls,
  type WriteLive,
} from "./cell.ts";
import { byteOfCodeUnit } from "./collation.ts";

/** How one value becomes bytes. */
interface TextForm {
  readonly bytesPerUnit: 1 | 2;
  readonly binary: boolean;
}

const wideText: TextForm = { bytesPerUnit: 2, binary: false };
const narrowText: TextForm = { bytesPerUnit: 1, binary: false };
const plainBytes: TextForm = { bytesPerUnit: 1, binary: true };

const shortNull = Uint8Array.of(0xff, 0xff);
const chunkedNull = new Uint8Array(8).fill(0xff);
/** Total length (8), chunk length (4), terminator (4). */
const chunkedBytes = 16;
/** From here on the runtime's own copy beats a loop. */
const copyUnitsMin = 32;

export function textForm(name: string): TextForm {
  if (name.endsWith("binary")) return plainBytes;
  return name.startsWith("n") ? wideText : narrowText;
}

function unitsOf(value: unknown, form: TextForm, column: number): number {
  if (form.binary ? value instanceof Uint8Array : typeof value === "string") {
    return (value as string | Uint8Array).length;
  }
  const wanted = form.binary ? "bytes" : "text";
  throw new CellError(`column ${column} carries ${wanted} and got ${typeof value}`);
}

function putUnits(
  bytes: Buffer,
  view: DataView,
  at: number,
  value: string | Uint8Array,
  form: TextForm,
): number {
  const count = value.length;
  if (typeof value !== "string") {
    bytes.set(value, at);
    return at + count;
  }
  if (form.bytesPerUnit === 1) {
    for (let index = 0; index < count; index++) {
      bytes[at + index] = byteOfCodeUnit[value.charCodeAt(index)]!;
    }
    return at + count;
  }
  if (count >= copyUnitsMin) bytes.write(value, at, "utf16le");
  else {
    for (let index = 0; index < count; index++) {
      view.setUint16(at + index * 2, value.charCodeAt(index), true);
    }
  }
  return at + count * 2;
}

export function shortCells(options: {
  column: number;
  nullable: boolean;
  bytesMax: number;
  form: TextForm;
}): CellWriter {
  const { column, nullable, bytesMax, form } = options;
  return {
    flatBytes: 2,
    measure(cells, window, count) {
      const { from, sizes, savings } = window;
      for (let row = 0; row < count; row++) {
        const value = cells[from + row];
        if (value === null) {
          if (!nullable) throw new CellError(`column ${column} is NOT NULL and got a null`);
          savings[row] = savings[row]! + 2;
          continue;
        }
        const byteCount = unitsOf(value, form, column) * form.bytesPerUnit;
        if (byteCount > bytesMax) {
          throw new CellError(`column ${column} holds ${bytesMax} bytes and got ${byteCount}`);
        }
        sizes[row] = sizes[row]! + byteCount;
      }
    },
    write(cells, window, range, { bytes, view }) {
      const { from, cursors } = window;
      const live = splitNulls(cells, window, range, { marker: shortNull, column, bytes });
      for (let index = 0; index < live.count; index++) {
        const row = live.rows[index]!;
        const value = cells[from + row] as string | Uint8Array;
        const at = cursors[row]!;
        view.setUint16(at, value.length * form.bytesPerUnit, true);
        cursors[row] = putUnits(bytes, view, at + 2, value, form);
      }
    },
  };
}

export function chunkedCells(options: {
  column: number;
  nullable: boolean;
  form: TextForm;
}): CellWriter {
  const { column, nullable, form } = options;
  return {
    flatBytes: chunkedBytes,
    measure(cells, window, count) {
      for (let row = 0; row < count; row++) {
        measureChunked(cells, window, row, { column, nullable, form });
      }
    },
    write(cells, window, range, { bytes, view }) {
      const { from, cursors } = window;
      const live = splitNulls(cells, window, range, { marker: chunkedNull, column, bytes });
      for (let index = 0; index < live.count; index++) {
        const row = live.rows[index]!;
        const value = cells[from + row] as string | Uint8Array;
        const byteCount = value.length * form.bytesPerUnit;
        let at = cursors[row]!;
        view.setUint32(at, byteCount, true);
        view.setUint32(at + 4, 0, true);
        at += 8;
        if (byteCount > 0) {
          view.setUint32(at, byteCount, true);
          at = putUnits(bytes, view, at + 4, value, form);
        }
        view.setUint32(at, 0, true);
        cursors[row] = at + 4;
      }
    },
  };
}

function measureChunked(
  cells: Cells,
  window: RowWindow,
  row: number,
  options: { column: number; nullable: boolean; form: TextForm },
): void {
  const { sizes, savings } = window;
  const value = cells[window.from + row];
  if (value === null) {
    if (!options.nullable)
      throw new CellError(`column ${options.column} is NOT NULL and got a null`);
    sizes[row] = sizes[row]! - chunkedBytes + chunkedNull.length;
    savings[row] = savings[row]! + chunkedNull.length;
    return;
  }
  const units = unitsOf(value, options.form, options.column);
  // An empty value has no chunk, only the terminator.
  const growth = units === 0 ? -4 : units * options.form.bytesPerUnit;
  sizes[row] = sizes[row]! + growth;
}

const hexValue = new Int8Array(128).fill(-1);
for (let digit = 0; digit < 16; digit++) {
  const text = digit.toString(16);
  hexValue[text.charCodeAt(0)] = digit;
  hexValue[text.toUpperCase().charCodeAt(0)] = digit;
}

/** Place in the text of each byte's digits: the first three groups travel reversed. */
const guidOrder = [6, 4, 2, 0, 11, 9, 16, 14, 19, 21, 24, 26, 28, 30, 32, 34];

export const writeGuid: WriteLive = (cells, window, live, { bytes }) => {
  const { from, cursors } = window;
  for (let index = 0; index < live.count; index++) {
    const row = live.rows[index]!;
    const text = cells[from + row] as string;
    const at = cursors[row]!;
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
