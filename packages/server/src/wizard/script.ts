// The script that the wizard opens (features.md G-11, G-12): a stored procedure or a view around one
// PREDICT. CAST stands only where a column's type is not the model's.

import type { InputMapping, OutputMapping, TableColumn } from "./mapping.ts";
import { bracket, literal, type ObjectName, qualified, typeText } from "./sql-text.ts";

export interface ScriptPlan {
  readonly kind: "procedure" | "view";
  /** What the script makes. */
  readonly object: ObjectName;
  readonly table: ObjectName;
  readonly modelTable: ObjectName;
  /** `name:version` */
  readonly modelId: string;
  readonly inputs: readonly (InputMapping & { readonly column: TableColumn })[];
  readonly outputs: readonly OutputMapping[];
}

/** The whole script; batches are separated by GO. */
export function writeScript(plan: ScriptPlan): string {
  const { kind, object } = plan;
  const name = qualified(object);
  const scoring = writeScoring(plan);
  if (kind === "view") {
    return `-- Create a view that scores the input data with the model.
CREATE VIEW ${name}
AS
${scoring}
GO

-- Read the view: all input columns and the predictions.
SELECT * FROM ${name}
`;
  }
  return `-- Create a stored procedure that scores the input data with the model.
CREATE PROCEDURE ${name}
AS
BEGIN

${scoring}

END
GO

-- Execute the stored procedure: all input columns and the predictions.
EXEC ${name}
`;
}

function writeScoring(plan: ScriptPlan): string {
  const { table, modelTable, modelId, inputs, outputs } = plan;
  const columns = inputs.map((mapping) => `    ${writeColumn(mapping)}`).join(",\n");
  const with_ = outputs
    .map(({ output, type }) => `${bracket(output)} ${typeText(type)}`)
    .join(", ");
  return `-- Select the input data and give its columns the names and types of the model's inputs.
WITH InputData AS
(
  SELECT
${columns}
  FROM ${qualified(table)}
)
-- Score it with PREDICT.
SELECT *
FROM PREDICT
(
  MODEL = (SELECT [model] FROM ${qualified(modelTable)} WHERE [ID] = ${asciiLiteral(modelId)}),
  DATA = InputData,
  RUNTIME = ONNX
)
WITH (${with_})`;
}

/** Ids that are plain letters need no national prefix. */
function asciiLiteral(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? literal(text).slice(1) : literal(text);
}

function writeColumn({ input, type, column }: ScriptPlan["inputs"][number]): string {
  if (column.type !== type)
    return `CAST(${bracket(column.name)} AS ${typeText(type)}) AS ${bracket(input)}`;
  return column.name === input ? bracket(input) : `${bracket(column.name)} AS ${bracket(input)}`;
}
