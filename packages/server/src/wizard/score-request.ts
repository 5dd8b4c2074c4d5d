// The body of a plan or deployment, and how names in it are read.

import type { Static } from "typebox";
import { Type } from "typebox";
import { failWizard } from "./error-catalogue.ts";
import { type ObjectName, parseObjectName } from "./sql-text.ts";

const Name = Type.String({ minLength: 1, maxLength: 512 });

/** A misspelt choice would be another deployment than the one that was asked for. */
const closed = { additionalProperties: false };

export const ScoreRequestShape = Type.Object(
  {
    /** The dedicated SQL pool. */
    database: Name,
    /** `dbo.flights` or `[dbo].[flights]`. */
    table: Name,
    model: Type.Object(
      {
        linkedService: Name,
        name: Name,
        /** The latest unless given. */
        version: Type.Optional(Name),
      },
      closed,
    ),
    /** Choices of columns by input name; null leaves an input open. Others are proposed. */
    inputs: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()]))),
    /** Names of outputs for the WITH clause; all that a column can hold unless given. */
    outputs: Type.Optional(Type.Array(Name, { maxItems: 1024 })),
    script: Type.Optional(
      Type.Object(
        {
          kind: Type.Optional(Type.Enum(["procedure", "view"])),
          name: Type.Optional(Name),
        },
        closed,
      ),
    ),
    modelTable: Type.Optional(
      Type.Object(
        {
          name: Type.Optional(Name),
          create: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    ),
  },
  closed,
);

export type ScoreRequest = Static<typeof ScoreRequestShape>;

export function objectNameOf(text: string, target: string): ObjectName {
  const name = parseObjectName(text);
  if (!name) {
    throw failWizard.InvalidMapping({
      reason: `'${text}' is no name of an object: write schema.name or [schema].[name].`,
      target,
    });
  }
  if (name.name.startsWith("#")) {
    throw failWizard.InvalidMapping({
      reason: `'${text}' is temporary and belongs to one session: name an object that stays.`,
      target,
    });
  }
  return name;
}
