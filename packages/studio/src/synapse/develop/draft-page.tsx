// A script that is not saved yet, in the editor; Publish asks for its name and keeps it.

import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useForm } from "../../control/form.ts";
import { FormPanel } from "../../control/form-panel.tsx";
import { Link, useGo } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { takenProblem } from "../../control/taken-name.ts";
import { useTask } from "../../shell/notification.tsx";
import { artifactNameProblem, artifactsKey, artifactsQuery } from "../artifact.ts";
import { useWorkspaceName } from "../workspace.ts";
import { type Draft, dropDraft, keepDraft, readDraft } from "./draft.ts";
import { ScriptEditor } from "./script-editor.tsx";
import { publishScript } from "./sql-script.ts";

export function Page() {
  const { draft: id = "" } = useParams({ strict: false }) as { draft?: string };
  const workspace = useWorkspaceName();
  const draft = readDraft(id);
  if (draft) return <OpenDraft key={id} id={id} initial={draft} />;
  return (
    <PageFrame title="This script is gone">
      <p>
        It was never published, and the browser tab that it was written in is closed.{" "}
        <Link to={`/synapse/${workspace}/develop`}>Develop</Link> has the published ones.
      </p>
    </PageFrame>
  );
}

function OpenDraft({ id, initial }: { id: string; initial: Draft }) {
  const workspace = useWorkspaceName();
  const [draft, setDraft] = useState(initial);
  const [isPublishing, setPublishing] = useState(false);
  const change = (changed: Partial<Draft>) => {
    const next = { ...draft, ...changed };
    keepDraft(id, next);
    setDraft(next);
  };
  return (
    <>
      <ScriptEditor
        name={draft.name}
        script={draft}
        crumbs={[
          { label: workspace, to: `/synapse/${workspace}` },
          { label: "Develop", to: `/synapse/${workspace}/develop` },
        ]}
        isChanged
        onChange={change}
        onPublish={() => setPublishing(true)}
      />
      {isPublishing && <Publish id={id} draft={draft} onClose={() => setPublishing(false)} />}
    </>
  );
}

type Values = { readonly name: string };

function Publish({ id, draft, onClose }: { id: string; draft: Draft; onClose(): void }) {
  const workspace = useWorkspaceName();
  const go = useGo();
  const { data: scripts } = useQuery(artifactsQuery(workspace, "sqlScripts"));
  const taken = scripts?.map((known) => known.name);
  const fields = [
    {
      name: "name" as const,
      label: "Name",
      kind: "text" as const,
      isRequired: true,
      check: (name: string) =>
        artifactNameProblem(name) ?? takenProblem(name, { what: "a SQL script", taken }),
    },
  ];
  const form = useForm<Values>({ name: draft.name }, () => fields);
  const publish = useTask({
    run: ({ name }: Values) => publishScript(workspace, { ...draft, name }),
    done: ({ name }) => `${name} is published`,
    failed: ({ name }) => `${name} could not be published`,
    changes: [artifactsKey(workspace, "sqlScripts")],
    onDone: (_, { name }) => {
      dropDraft(id);
      go(`/synapse/${workspace}/develop/sql/${encodeURIComponent(name)}`);
    },
  });
  return (
    <FormPanel
      title="Publish SQL script"
      verb="Publish"
      form={form}
      fields={fields}
      task={publish}
      onClose={onClose}
    />
  );
}
