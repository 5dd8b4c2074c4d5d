// The table that models are copied to (features.md G-09), and the row of one model. Deploying
// `name:version` again replaces its row: a second one would break the scalar subquery (G-10).

import type { RegisteredModel } from "@callosum/contract/model-registry.ts";
import type { SqlArgument } from "@callosum/contract/wizard.ts";
import type { TableColumn } from "./mapping.ts";
import { type ObjectName, qualified, sqlTypes } from "./sql-text.ts";

interface Column {
  readonly name: string;
  readonly declaration: string;
}

const columns: readonly Column[] = [
  { name: "ID", declaration: "[nvarchar](1024) NOT NULL" },
  { name: "name", declaration: "[nvarchar](1024) NOT NULL" },
  { name: "description", declaration: "[nvarchar](1024) NULL" },
  { name: "version", declaration: "[int] NULL" },
  { name: "created_time", declaration: "[datetime2](7) NULL" },
  { name: "created_by", declaration: "[nvarchar](128) NULL" },
  { name: "framework", declaration: "[nvarchar](64) NULL" },
  { name: "model", declaration: "[varbinary](max) NOT NULL" },
  { name: "inputs_schema", declaration: "[nvarchar](max) NULL" },
  { name: "outputs_schema", declaration: "[nvarchar](max) NULL" },
];

/** `CREATE TABLE` of a new model table. */
export function writeModelTable(table: ObjectName): string {
  const lines = columns.map(({ name, declaration }) => `  [${name}] ${declaration}`).join(",\n");
  return `CREATE TABLE ${qualified(table)}
(
${lines}
)
WITH
(
  DISTRIBUTION = REPLICATE,
  HEAP
)
`;
}

/** What an existing table lacks to be a model table; empty when it fits. */
export function shapeProblems(found: readonly TableColumn[]): string[] {
  const byName = new Map(found.map(({ name, type }) => [name.toLowerCase(), type]));
  return columns.flatMap(({ name, declaration }) => {
    const wanted = /^\[(\w+)\]/.exec(declaration)?.[1] ?? "";
    const type = byName.get(name.toLowerCase());
    if (type === undefined) return [`the column '${name}' is missing`];
    return type === wanted ? [] : [`the column '${name}' is ${type} and not ${wanted}`];
  });
}

export function modelIdOf({ name, version }: Pick<RegisteredModel, "name" | "version">): string {
  return `${name}:${version}`;
}

const textMax = { id: 1024, description: 1024, createdBy: 128, framework: 64 };

/** One transaction's work: the row of the id goes, if there is one, the new one comes. Who has none replaced needs no DELETE. */
export function writeModelRow(table: ObjectName): string {
  const target = qualified(table);
  const names = columns.map(({ name }) => `[${name}]`).join(", ");
  const values = columns.map(({ name }) => `@${name}`).join(", ");
  return `IF EXISTS (SELECT 1 FROM ${target} WHERE [ID] = @ID) DELETE FROM ${target} WHERE [ID] = @ID;
INSERT INTO ${target} (${names}) VALUES (${values});`;
}

/** The parameters of writeModelRow. */
export function modelRow(model: RegisteredModel, bytes: Uint8Array): SqlArgument[] {
  const { onnx, name, version, description, createdAt, createdBy, framework } = model;
  if (!onnx || "problem" in onnx)
    throw new Error(`The model '${modelIdOf(model)}' is not described.`);
  const schema = (fields: typeof onnx.inputs) =>
    JSON.stringify(
      fields.map(({ name: field, element, shape }) => ({
        name: field,
        type: sqlTypes[element] ?? element,
        shape,
      })),
    );
  const values: Readonly<Record<string, SqlArgument["value"]>> = {
    ID: modelIdOf(model),
    name,
    description: description.slice(0, textMax.description),
    version: /^\d{1,9}$/.test(version) ? Number(version) : null,
    created_time: createdAt.replace(/(?:Z|\+00:00)$/, "").slice(0, 27),
    created_by: createdBy.slice(0, textMax.createdBy),
    framework: framework.slice(0, textMax.framework),
    model: bytes,
    inputs_schema: schema(onnx.inputs),
    outputs_schema: schema(onnx.outputs),
  };
  return columns.map(({ name: column }) => ({ name: column, value: values[column] ?? null }));
}
