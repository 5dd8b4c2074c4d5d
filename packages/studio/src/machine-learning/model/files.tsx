// The files of a version. Each is downloaded by the link that the service signed for it.

import { Link } from "@fluentui/react-components";
import { type Column, Grid } from "../../control/grid.tsx";
import type { Model } from "./model.ts";

type File = Model["callosum"]["files"][number];

const columns: readonly Column<File>[] = [
  {
    name: "path",
    label: "File",
    text: ({ path }) => path,
    show: ({ path, contentUri }) => (
      <Link href={contentUri} download={path.split("/").at(-1)} aria-label={`Download ${path}`}>
        {path}
      </Link>
    ),
  },
  {
    name: "length",
    label: "Bytes",
    text: ({ length }) => length,
    show: ({ length }) => length.toLocaleString(),
  },
  { name: "sha256", label: "SHA-256", text: ({ sha256 }) => sha256 },
];

export function Files({ model }: { model: Model }) {
  return (
    <Grid
      label="Artifacts"
      columns={columns}
      rows={model.callosum.files}
      rowKey={({ path }) => path}
      empty="The version was registered without bytes."
    />
  );
}
