// The server's one collation and its code page: char and varchar travel as Windows-1252
// (MS-TDS 2.2.5.1.2; SQL_Latin1_General_CP1_CI_AS is LCID 0x0409 with sort id 52).
import { refusal } from "./protocol-error.ts";

/** Five bytes: LCID and comparison flags (ignore case, kana, width), then the sort id. */
export const serverCollation = Uint8Array.of(0x09, 0x04, 0xd0, 0x00, 0x34);

const utf8Flag = 0x04;

/** What 0x80–0x9F stand for in Windows-1252; unassigned bytes map to their own code. */
const high =
  "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f" +
  "\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178";

/** Byte of every UTF-16 code unit in Windows-1252; what it lacks becomes a question mark. */
export const byteOfCodeUnit: Uint8Array = (() => {
  const table = new Uint8Array(65_536).fill(0x3f);
  for (let code = 0; code < 256; code++) table[code] = code < 0x80 || code > 0x9f ? code : 0x3f;
  for (let index = 0; index < high.length; index++) table[high.charCodeAt(index)] = 0x80 + index;
  return table;
})();

const latin = /[\u0080-\u009f]/g;

function decode1252(bytes: Buffer): string {
  return bytes.toString("latin1").replace(latin, (c) => high[c.charCodeAt(0) - 0x80]!);
}

/** Text of a char or varchar value that a client sent under `collation`. */
export function decodeText(bytes: Buffer, collation: Uint8Array): string {
  if ((collation[3]! & utf8Flag) !== 0) return bytes.toString("utf8");
  if (isLatin(collation) || bytes.every((byte) => byte < 0x80)) return decode1252(bytes);
  const name = Buffer.from(collation).toString("hex");
  throw refusal(`Text in a collation other than Latin1 or UTF-8 (0x${name})`);
}

/** Western European languages by primary language id, and the SQL sort ids of code page 1252. */
function isLatin(collation: Uint8Array): boolean {
  const sortId = collation[4]!;
  if (sortId !== 0) return (sortId >= 50 && sortId <= 55) || (sortId >= 183 && sortId <= 186);
  const language = (collation[0]! | (collation[1]! << 8)) & 0x3ff;
  return westernLanguages.has(language);
}

const westernLanguages = new Set([
  0x00, 0x03, 0x06, 0x07, 0x09, 0x0a, 0x0b, 0x0c, 0x0f, 0x10, 0x13, 0x14, 0x16, 0x1d, 0x21, 0x2d,
  0x36, 0x38, 0x3c, 0x3e, 0x41, 0x56, 0x62,
]);
