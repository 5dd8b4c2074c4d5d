// SOUNDEX and DIFFERENCE: how English words sound. Source: "SOUNDEX (Transact-SQL)" and the rules it refers to.
import type { Value } from "../emit/value.ts";
import { types } from "../type.ts";
import { type FunctionDefinition, scalar } from "./definition.ts";
import { text } from "./text-argument.ts";

/**
 * The first letter and three digits. H and W do not part equal sounds, vowels do; equal neighbours count once,
 * the first letter's among them. A text that begins with no letter is 0000.
 */
function soundex(sql: string): string {
  const word = `regexp_extract(upper(ltrim(${sql})), '^[A-Z]+')`;
  const rest = `regexp_replace(substr(w, 2), '[HW]', '', 'g')`;
  const sounds = `translate(left(w, 1)||${rest}, 'BFPVCGJKQSXZDTLMNRAEIOUYHW', '11112222222233455600000000')`;
  let single = sounds;
  for (const digit of "123456") single = `regexp_replace(${single}, '${digit}+', '${digit}', 'g')`;
  const digits = `replace(substr(${single}, 2), '0', '')`;
  const code = `left(w, 1)||rpad(left(${digits}, 3), 3, '0')`;
  return `list_transform([${word}], w -> CASE WHEN w = '' THEN '0000' ELSE ${code} END)[1]`;
}

function same(place: number): string {
  return `CAST(substr(p[1], ${place}, 1) = substr(p[2], ${place}, 1) AS INTEGER)`;
}

export const soundexFunctions: readonly FunctionDefinition[] = [
  scalar("SOUNDEX", 1, (args, use): Value => {
    const value = text(args[0]!, use);
    const sql = `CASE WHEN ${value.sql} IS NOT NULL THEN ${soundex(value.sql)} END`;
    return { sql, type: { name: "varchar", length: 5 }, nullable: value.nullable };
  }),
  scalar("DIFFERENCE", 2, (args, use): Value => {
    const [left, right] = args.map((arg) => text(arg, use)) as [Value, Value];
    const pair = `[${soundex(left.sql)}, ${soundex(right.sql)}]`;
    const equal = [1, 2, 3, 4].map(same).join(" + ");
    return {
      sql: `CASE WHEN ${left.sql} IS NOT NULL AND ${right.sql} IS NOT NULL THEN list_transform([${pair}], p -> ${equal})[1] END`,
      type: types.int,
      nullable: left.nullable || right.nullable,
    };
  }),
];
