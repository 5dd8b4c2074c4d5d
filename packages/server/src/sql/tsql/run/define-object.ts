// Schemas, views, procedures and functions: kept as text, parsed and bound when they are used.
import { poolDatabase } from "../../engine/port.ts";
import type { Position } from "../ast.ts";
import {
  type CatalogueObject,
  objectKey,
  type TableObject,
  type ViewObject,
} from "../catalogue/model.ts";
import { decide } from "../catalogue/permission.ts";
import { dropDocument, putDocument } from "../catalogue/store.ts";
import { checkBody } from "../emit/function-body.ts";
import { namedColumnsOf } from "../emit/relation.ts";
import { emptyScope } from "../emit/scope.ts";
import { quoteName } from "../emit/value.ts";
import { fail } from "../error.ts";
import type { DefinitionStatement } from "../statement.ts";
import {
  changeCatalogue,
  forget,
  forgetting,
  mayAlter,
  placeOf,
  remember,
  requireCreate,
  storing,
  takeId,
  timestamp,
} from "./define.ts";
import { dropping } from "./define-table.ts";
import { findObject } from "./environment.ts";
import { requireMaterializable } from "./materialized-view.ts";
import { bind } from "./query.ts";
import type { Events, Session } from "./state.ts";

type Module = Extract<
  DefinitionStatement,
  { kind: "createView" | "createProcedure" | "createFunction" }
>;

const kinds = {
  createView: "view",
  createProcedure: "procedure",
  createFunction: "function",
} as const;
const permissions = {
  createView: "CREATE VIEW",
  createProcedure: "CREATE PROCEDURE",
  createFunction: "CREATE FUNCTION",
} as const;

export async function* createModule(session: Session, node: Module, signal: AbortSignal): Events {
  const materialized =
    node.kind === "createView" ? await checkView(session, node, signal) : undefined;
  if (node.kind === "createFunction" && node.returns.kind === "scalar")
    checkBody(node.returns.body.statements, node.at);
  await changeCatalogue(session, node.at, signal, () => {
    const place = placeOf(session, node.name);
    const kind = kinds[node.kind];
    const current = session.database.catalogue.objects.get(objectKey(place.schema, place.name));
    if (current !== undefined && (node.alter === "create" || current.kind !== kind))
      fail(2714, node.at, place.name);
    if (current === undefined && node.alter === "alter") fail(208, node.at, place.name);
    if (current === undefined) requireCreate(session, place, permissions[node.kind], node.at);
    else if (!mayAlter(session, current)) fail(15151, node.at, "alter", kind, place.name);
    const now = timestamp(session);
    const object: CatalogueObject = {
      kind,
      id: current?.id ?? takeId(session),
      schema: place.schema,
      name: place.name,
      created: current?.created ?? now,
      modified: now,
      text: asCreate(node.text),
      ...(materialized === undefined ? {} : { materialized }),
    };
    return { statements: storing(object), apply: () => remember(session, object) };
  });
  yield { kind: "done", command: "other" };
  return "normal";
}

/** The stored text always begins with CREATE. */
function asCreate(text: string): string {
  return text.replace(/^(?:create\s+or\s+alter|alter)\b/i, "CREATE");
}

/** A view's query is bound at once, so that its faults show when it is made. */
async function checkView(
  session: Session,
  node: Extract<Module, { kind: "createView" }>,
  signal: AbortSignal,
): Promise<ViewObject["materialized"]> {
  const { body } = node.query;
  if (body.kind === "select" && body.into !== undefined) fail(156, node.at, "INTO");
  const used = new Set<CatalogueObject>();
  const described = { isDescribed: true };
  const { result: columns } = await bind(
    session,
    signal,
    (binder, env) => {
      const find = env.find;
      env.find = (name) => noted(find(name), used);
      const relation = binder.query(node.query, emptyScope(), { place: "nested" });
      return namedColumnsOf(relation, node.columns, node.name.parts.at(-1)!, node.at);
    },
    described,
  );
  if (node.distribution === undefined) return undefined;
  requireMaterializable(node, used, columns);
  return { distribution: node.distribution, baseIds: [...used].map(({ id }) => id) };
}

function noted(
  object: CatalogueObject | undefined,
  used: Set<CatalogueObject>,
): CatalogueObject | undefined {
  if (object !== undefined) used.add(object);
  return object;
}

const words: Readonly<Record<CatalogueObject["kind"], string>> = {
  table: "table",
  externalTable: "external table",
  view: "view",
  procedure: "procedure",
  function: "function",
};

/** Materialized views hold their tables fast. */
function requireUnused(session: Session, object: CatalogueObject, at: Position): void {
  const user = [...session.database.catalogue.objects.values()].find(
    (other) => other.kind === "view" && other.materialized?.baseIds.includes(object.id),
  );
  if (user !== undefined) fail(3729, at, words[object.kind], object.name, user.name);
}

type Drop = Extract<DefinitionStatement, { kind: "drop" }>;

export async function* dropObjects(session: Session, node: Drop, signal: AbortSignal): Events {
  for (const name of node.names) {
    const object = findObject(session, name);
    if (object === undefined || !mayAlter(session, object)) {
      if (node.ifExists && object === undefined) continue;
      fail(3701, name.at, words[node.object], name.parts.join("."));
    }
    if (object!.kind !== node.object) {
      const shown = name.parts.join(".");
      const is = words[object!.kind];
      fail(3705, name.at, words[node.object].toUpperCase(), shown, is, is.toUpperCase());
    }
    requireUnused(session, object!, name.at);
    await changeCatalogue(session, node.at, signal, () => ({
      statements: [
        ...(object!.kind === "table" ? dropping(object as TableObject) : []),
        ...forgetting(object!),
      ],
      apply: () => forget(session, object!),
    }));
  }
  yield { kind: "done", command: "other" };
  return "normal";
}

/** Its rows are the current ones already. */
export async function* rebuildView(
  session: Session,
  node: Extract<DefinitionStatement, { kind: "alterMaterializedView" }>,
): Events {
  const view = findObject(session, node.name);
  if (view?.kind !== "view" || view.materialized === undefined || !mayAlter(session, view))
    return fail(15151, node.at, "alter", "materialized view", node.name.parts.join("."));
  yield { kind: "done", command: "other" };
  return "normal";
}

export async function* createSchema(
  session: Session,
  node: Extract<DefinitionStatement, { kind: "createSchema" }>,
  signal: AbortSignal,
): Events {
  await changeCatalogue(session, node.at, signal, () => {
    const { catalogue, pool } = session.database;
    if (decide(catalogue, session.actor, { permission: "CREATE SCHEMA" }) !== "allowed")
      fail(262, node.at, "CREATE SCHEMA", pool.name);
    const key = node.name.toLowerCase();
    if (catalogue.schemas.has(key)) fail(2714, node.at, node.name);
    const owner = node.owner ?? "dbo";
    if (!catalogue.principals.has(owner.toLowerCase())) fail(15151, node.at, "find", "user", owner);
    const schema = { id: takeId(session), name: node.name, owner };
    const exists = key === "main" ? "IF NOT EXISTS " : "";
    return {
      statements: [
        { sql: `CREATE SCHEMA ${exists}${poolDatabase}.${quoteName(node.name)}` },
        putDocument("schema", key, schema),
      ],
      apply: () => void catalogue.schemas.set(key, schema),
    };
  });
  yield { kind: "done", command: "other" };
  return "normal";
}

export async function* dropSchema(
  session: Session,
  node: Extract<DefinitionStatement, { kind: "dropSchema" }>,
  signal: AbortSignal,
): Events {
  await changeCatalogue(session, node.at, signal, () => {
    const { catalogue } = session.database;
    const key = node.name.toLowerCase();
    const schema = catalogue.schemas.get(key);
    const allowed =
      decide(catalogue, session.actor, { permission: "ALTER ANY SCHEMA" }) === "allowed";
    if (schema === undefined || schema.id < 5 || !allowed) {
      if (schema === undefined && node.ifExists) return { statements: [], apply: () => {} };
      return fail(15151, node.at, "drop", "schema", node.name);
    }
    const used = [...catalogue.objects.values()].find(
      (object) => object.schema.toLowerCase() === key,
    );
    if (used !== undefined) fail(3729, node.at, "schema", node.name, used.name);
    return {
      statements: [
        ...(key === "main"
          ? []
          : [{ sql: `DROP SCHEMA ${poolDatabase}.${quoteName(schema.name)}` }]),
        dropDocument("schema", key),
      ],
      apply: () => void catalogue.schemas.delete(key),
    };
  });
  yield { kind: "done", command: "other" };
  return "normal";
}
