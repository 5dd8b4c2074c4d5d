// Notebooks as stored documents. The service fills in what nbformat leaves out, with nulls
// (recordings/artifacts.json, "PUT notebook").

import {
  type ArtifactProperties,
  type ArtifactPut,
  defineArtifact,
} from "@callosum/contract/artifact.ts";
import { Type } from "typebox";
import { checkShape } from "../validation.ts";
import { artifactApiVersions } from "../workspace.ts";

const cell = Type.Object({
  cell_type: Type.String({ minLength: 1 }),
  metadata: Type.Object({}),
  source: Type.Array(Type.String()),
});

const shape = Type.Object({
  description: Type.Optional(Type.String()),
  metadata: Type.Object({}),
  nbformat: Type.Integer(),
  nbformat_minor: Type.Integer(),
  cells: Type.Array(cell),
});

type Notebook = ArtifactProperties & {
  readonly sessionProperties?: ArtifactProperties | null;
  readonly metadata: ArtifactProperties;
  readonly cells: readonly ArtifactProperties[];
};

/** In the recorded order. */
function normalise(sent: Notebook): ArtifactProperties {
  const { nbformat, nbformat_minor, bigDataPool, sessionProperties, metadata, cells } = sent;
  return {
    nbformat,
    nbformat_minor,
    entityState: null,
    renameOperationDetails: null,
    ...(bigDataPool === undefined ? {} : { bigDataPool }),
    ...sent,
    ...(sessionProperties ? { sessionProperties: { conf: null, ...sessionProperties } } : {}),
    metadata: { a365ComputeOptions: null, sessionKeepAliveTimeout: 0, ...metadata },
    cells: cells.map((item) => ({ execution_count: null, ...item })),
    folder: sent.folder ?? null,
  };
}

export const notebook = defineArtifact({
  kind: "Notebook",
  collection: "notebooks",
  source: "recordings/artifacts.json; OpenAPI notebooks.json",
  summary: "A notebook",
  apiVersions: artifactApiVersions,
  backend: "notebook",
  rename: true,
  referenceType: "NotebookReference",
  summaryList: {
    path: "notebooksSummary",
    summarise: (properties) => ({ ...properties, cells: [] }),
  },
  put: ({ properties }: ArtifactPut) => ({
    properties: normalise(checkShape<Notebook>(shape, { value: properties, at: "properties" })),
  }),
  examples: [
    {
      name: "notebook1",
      properties: { metadata: {}, nbformat: 4, nbformat_minor: 2, cells: [] },
    },
  ],
});
