// Functions that choose: ISNULL, COALESCE, NULLIF, CHOOSE, GREATEST, LEAST. (IIF is a CASE.)

import { commonType } from "../emit/common-type.ts";
import { convert } from "../emit/conversion.ts";
import { comparable } from "../emit/predicate.ts";
import { sortKey, type Value } from "../emit/value.ts";
import { fail } from "../error.ts";
import { isString, storage, types } from "../type.ts";
import { type FunctionDefinition, type FunctionUse, scalar } from "./definition.ts";

function keeping(value: Value, collation: Value["collation"]): Value {
  return collation === undefined ? value : { ...value, collation };
}

/** ISNULL has the type of its first argument: a longer replacement is cut. */
function isNull(args: readonly Value[], use: FunctionUse): Value {
  const [value, other] = args as [Value, Value];
  if (value.bareNull) return other.bareNull ? convert(other, types.int, use.at) : other;
  const replacement = convert(other, value.type, use.at);
  const combined = {
    sql: `coalesce(${value.sql}, ${replacement.sql})`,
    type: value.type,
    nullable: value.nullable && other.nullable,
  };
  return keeping(combined, value.collation);
}

function coalesce(args: readonly Value[], use: FunctionUse): Value {
  if (args.every((arg) => arg.bareNull)) fail(4127, use.at);
  const type = commonType(args, use.at);
  const list = args.map((arg) => convert(arg, type, use.at).sql);
  const combined = {
    sql: `coalesce(${list.join(", ")})`,
    type,
    nullable: args.every((arg) => arg.nullable),
  };
  return keeping(combined, args.find((arg) => arg.collation)?.collation);
}

function nullIf(args: readonly Value[], use: FunctionUse): Value {
  const [value, other] = args as [Value, Value];
  if (value.bareNull) fail(4151, use.at);
  const [left, right] = comparable(value, other, use);
  return keeping(
    {
      sql: `CASE WHEN ${left} = ${right} THEN NULL ELSE ${value.sql} END`,
      type: value.type,
      nullable: true,
    },
    value.collation,
  );
}

function choose(args: readonly Value[], use: FunctionUse): Value {
  const [index, ...values] = args as [Value, ...Value[]];
  const type = commonType(values, use.at);
  const chosen = convert(index, types.int, use.at).sql;
  const branches = values.map(
    (value, position) => `WHEN ${position + 1} THEN ${convert(value, type, use.at).sql}`,
  );
  return {
    sql: `CASE ${chosen} ${branches.join(" ")} ELSE CAST(NULL AS ${storage(type)}) END`,
    type,
    nullable: true,
  };
}

function extreme(name: "GREATEST" | "LEAST"): FunctionDefinition {
  return scalar(name, [1, 254], (args, use) => {
    const type = commonType(args, use.at);
    const values = args.map((arg) => convert(arg, type, use.at));
    if (!isString(type)) {
      return {
        sql: `${name.toLowerCase()}(${values.map((value) => value.sql).join(", ")})`,
        type,
        nullable: args.every((arg) => arg.nullable),
      };
    }
    const pairs = values.map(
      (value) =>
        `CASE WHEN ${value.sql} IS NOT NULL THEN {'k': ${sortKey(value)}, 'v': ${value.sql}} END`,
    );
    return { sql: `(${name.toLowerCase()}(${pairs.join(", ")})).v`, type, nullable: true };
  });
}

export const logicalFunctions: readonly FunctionDefinition[] = [
  scalar("ISNULL", 2, isNull),
  scalar("COALESCE", [2, 254], coalesce),
  scalar("NULLIF", 2, nullIf),
  scalar("CHOOSE", [2, 254], choose),
  extreme("GREATEST"),
  extreme("LEAST"),
];
