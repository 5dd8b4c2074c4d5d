// Values: every kind of expression as DuckDB SQL with its T-SQL type.
import type { SqlType } from "../../session.ts";
import type { Expression } from "../ast.ts";
import { fail, refuseOption } from "../error.ts";
import { isDate, isString, isTemporal, storage, types } from "../type.ts";
import { binary, unary } from "./arithmetic.ts";
import { commonType } from "./common-type.ts";
import { convert } from "./conversion.ts";
import { bindCall } from "./function-call.ts";
import { comparable, onlyColumn } from "./predicate.ts";
import { type Binder, resolveColumn, type Scope } from "./scope.ts";
import { windowsZone } from "./time-zone.ts";
import { collationOf, literalValue, type Value, zonedSql } from "./value.ts";
import { hasAggregate, hasWindow, isAggregate, isPredicate } from "./walk.ts";

export function bindValue(binder: Binder, expression: Expression, scope: Scope): Value {
  if (isPredicate(expression)) fail(102, expression.at, "=");
  const grouped =
    scope.grouping === undefined ? undefined : groupedValue(binder, expression, scope);
  if (grouped !== undefined) return grouped;
  switch (expression.kind) {
    case "literal":
      return { ...literalValue(expression.value, expression.type), isWritten: true };
    case "null":
      return {
        sql: "NULL",
        type: types.int,
        nullable: true,
        bareNull: true,
        literal: { value: null },
      };
    case "variable":
      return variable(binder, expression, scope);
    case "global":
      return binder.env.global(expression.name) ?? fail(137, expression.at, expression.name);
    case "column":
      return column(binder, expression, scope);
    case "unary":
      return unary(expression.op, binder.value(expression.operand, scope), expression.at);
    case "binary":
      return binary(
        expression.op,
        binder.value(expression.left, scope),
        binder.value(expression.right, scope),
        expression.at,
      );
    case "collate":
      return collate(binder, expression, scope);
    case "cast":
      return convert(binder.value(expression.operand, scope), expression.type, expression.at, {
        explicit: true,
        attempt: expression.attempt,
      });
    case "convert":
      return converted(binder, expression, scope);
    case "case":
      return caseOf(binder, expression, scope);
    case "call":
      return bindCall(binder, expression, scope);
    case "subquery":
      return subquery(binder, expression, scope);
    case "atTimeZone":
      return atTimeZone(binder, expression, scope);
    default:
      return fail(156, expression.at, "DEFAULT");
  }
}

/** Above a grouping only group keys, aggregates and outer columns remain; else undefined. */
function groupedValue(binder: Binder, expression: Expression, scope: Scope): Value | undefined {
  const { keys, rolled, inner } = scope.grouping!;
  if (isAggregate(expression) || expression.kind === "literal" || expression.kind === "variable")
    return undefined;
  if (!hasAggregate(expression) && !hasWindow(expression)) {
    const value = tryBind(() => binder.value(expression, inner));
    const key = value === undefined ? undefined : keys.get(value.sql);
    if (value !== undefined && key !== undefined)
      return withoutLiteral({ ...value, nullable: value.nullable || rolled }, key);
  }
  if (expression.kind !== "column") return undefined;
  const found = resolveColumn(expression, inner);
  if (found.scope !== inner) return undefined;
  const shown = `${found.source.name}.${found.column.name}`;
  const number = scope.clause === "having" ? 8121 : scope.clause === "order" ? 8127 : 8120;
  return fail(number, expression.at, shown);
}

function tryBind(bind: () => Value): Value | undefined {
  try {
    return bind();
  } catch {
    return undefined;
  }
}

function withoutLiteral(value: Value, sql: string): Value {
  const { type, nullable, collation } = value;
  return { sql, type, nullable, ...(collation === undefined ? {} : { collation }) };
}

function variable(
  binder: Binder,
  node: Extract<Expression, { kind: "variable" }>,
  scope: Scope,
): Value {
  const parameter = scope.variables?.get(node.name.toLowerCase());
  if (parameter !== undefined) return parameter;
  const found = binder.env.variable(node.name);
  if (found === undefined) return fail(137, node.at, node.name);
  const { type, value } = found;
  if (value === null) return { sql: `CAST(NULL AS ${storage(type)})`, type, nullable: true };
  const large = (value instanceof Uint8Array || typeof value === "string") && value.length > 4096;
  // Nobody promises that it never is NULL: columns of CTAS and SELECT INTO are nullable.
  if (large) return { sql: binder.env.parameter(value, type), type, nullable: true };
  return { ...literalValue(value, type), nullable: true };
}

function column(
  binder: Binder,
  node: Extract<Expression, { kind: "column" }>,
  scope: Scope,
): Value {
  const { column: found, source } = resolveColumn(node, scope);
  if (source.object !== undefined) {
    binder.env.authorize("SELECT", source.object, [found.name ?? ""], node.at);
  }
  const { sql, type, nullable, collation } = found;
  return { sql, type, nullable, ...(collation === undefined ? {} : { collation }) };
}

function collate(
  binder: Binder,
  node: Extract<Expression, { kind: "collate" }>,
  scope: Scope,
): Value {
  const operand = binder.value(node.operand, scope);
  const collation = collationOf(node.collation);
  if (collation === undefined) fail(448, node.at, node.collation);
  if (!isString(operand.type)) fail(447, node.at, operand.type.name);
  return { ...operand, collation };
}

function converted(
  binder: Binder,
  node: Extract<Expression, { kind: "convert" }>,
  scope: Scope,
): Value {
  const operand = binder.value(node.operand, scope);
  const style = node.style === undefined ? undefined : binder.value(node.style, scope);
  if (style !== undefined && style.literal === undefined && !style.bareNull)
    refuseOption(node.at, "CONVERT with a style that is not constant");
  if (style?.literal?.value === null)
    return {
      ...convert(operand, node.type, node.at, { explicit: true }),
      sql: `CAST(NULL AS ${storage(node.type)})`,
      nullable: true,
    };
  const number = style === undefined ? undefined : Number(style.literal!.value);
  const isDated = isTemporal(operand.type) || isTemporal(node.type);
  if (isDated && (number === 130 || number === 131))
    refuseOption(node.at, `CONVERT with the Hijri calendar of style ${number}`);
  return convert(operand, node.type, node.at, {
    explicit: true,
    attempt: node.attempt,
    ...(number === undefined ? {} : { style: number }),
  });
}

function caseOf(binder: Binder, node: Extract<Expression, { kind: "case" }>, scope: Scope): Value {
  const operand = node.operand === undefined ? undefined : binder.value(node.operand, scope);
  const conditions = node.branches.map(({ when }) => {
    if (operand === undefined) return binder.condition(when, scope);
    const [left, right] = comparable(operand, binder.value(when, scope), { at: when.at });
    return `${left} = ${right}`;
  });
  const results = node.branches.map(({ result }) => binder.value(result, scope));
  const otherwise = node.otherwise === undefined ? undefined : binder.value(node.otherwise, scope);
  const all = otherwise === undefined ? results : [...results, otherwise];
  const type = commonType(all, node.at);
  const branches = results.map(
    (value, index) => `WHEN ${conditions[index]} THEN ${convert(value, type, node.at).sql}`,
  );
  const last =
    otherwise === undefined
      ? `CAST(NULL AS ${storage(type)})`
      : convert(otherwise, type, node.at).sql;
  const collation = all.find((value) => value.collation !== undefined)?.collation;
  return {
    sql: `CASE ${branches.join(" ")} ELSE ${last} END`,
    type,
    nullable: otherwise === undefined || all.some((value) => value.nullable),
    ...(collation === undefined ? {} : { collation }),
  };
}

function subquery(
  binder: Binder,
  node: Extract<Expression, { kind: "subquery" }>,
  scope: Scope,
): Value {
  const relation = binder.query(node.query, scope, { place: "nested" });
  const only = onlyColumn(relation.columns, node);
  return {
    sql: `(${relation.sql})`,
    type: only.type,
    nullable: true,
    ...(only.collation === undefined ? {} : { collation: only.collation }),
  };
}

/** A plain time is taken to be in the zone; a datetimeoffset moves to it. */
function atTimeZone(
  binder: Binder,
  node: Extract<Expression, { kind: "atTimeZone" }>,
  scope: Scope,
): Value {
  const operand = binder.value(node.operand, scope);
  const zone = binder.value(node.zone, scope);
  if (!isDate(operand.type)) fail(8116, node.at, operand.type.name, 1, "AT TIME ZONE");
  if (typeof zone.literal?.value !== "string")
    refuseOption(node.at, "AT TIME ZONE with a zone that is not constant");
  const name = windowsZone(zone.literal.value);
  if (name === undefined) fail(9820, node.at, zone.literal.value);
  const scale =
    "scale" in operand.type ? operand.type.scale : operand.type.name === "datetime" ? 3 : 7;
  const type: SqlType = { name: "datetimeoffset", scale };
  const utc =
    operand.type.name === "datetimeoffset"
      ? `(${operand.sql}).utc`
      : `timezone('UTC', timezone('${name}', CAST(${operand.sql} AS TIMESTAMP)))`;
  const local = `timezone('${name}', timezone('UTC', ${utc}))`;
  const minutes = `date_diff('minute', ${utc}, ${local})`;
  return { sql: zonedSql(utc, minutes), type, nullable: operand.nullable };
}
