// The code editor for SQL and JSON. Its code is large, so it is loaded when it is first shown.

import { Spinner } from "@fluentui/react-components";
import { lazy, Suspense } from "react";
import type { CodeEditorProps } from "./code-mirror.tsx";

const CodeMirror = lazy(() => import("./code-mirror.tsx"));

export function CodeEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<Spinner label="Loading the editor" />}>
      <CodeMirror {...props} />
    </Suspense>
  );
}
