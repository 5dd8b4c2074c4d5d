// The JSON view of a scope: what the resource manager answers, and the version that it was asked in.

import { Field, Input, Spinner } from "@fluentui/react-components";
import { CodeEditor } from "../../control/code-editor.tsx";
import { Problem } from "../../control/problem.tsx";
import { useScope } from "../../control/scope-path.ts";
import { ScopeFrame } from "../scope-frame.tsx";
import { useResource } from "./resource-type.ts";

export function Page() {
  const id = useScope();
  const { resource, version, error, refetch } = useResource(id);
  return (
    <ScopeFrame id={id} section="json">
      <Field label="Resource ID">
        <Input readOnly value={id} />
      </Field>
      <Field label="API version">
        <Input readOnly value={version} />
      </Field>
      {error ? <Problem error={error} onRetry={refetch} /> : null}
      {!resource && !error && <Spinner label="Loading" />}
      {resource && (
        <CodeEditor
          label="JSON view"
          language="json"
          isReadOnly
          height="60vh"
          value={JSON.stringify(resource, null, 2)}
        />
      )}
    </ScopeFrame>
  );
}
