// What stands behind an edge of the link map, and what would fix it.

import { Button, Text } from "@fluentui/react-components";
import { nameOf } from "../api/scope.ts";
import { CommandButton } from "../control/command-button.tsx";
import { Essentials } from "../control/essentials.tsx";
import { useGo } from "../control/link.tsx";
import { Panel } from "../control/panel.tsx";
import { Problem } from "../control/problem.tsx";
import { scopePath } from "../control/scope-path.ts";
import { useSparkAdministratorGrant } from "../control/spark-administrator.ts";
import { useSynapseRightOn } from "../control/synapse-right.ts";
import { Verdict } from "../control/verdict.tsx";
import type { MachineLearningLink, SynapseLink } from "./fact.ts";
import type { EdgeSubject, MapEdge } from "./model.ts";
import { statusTexts } from "./status.ts";

export function EdgePanel({
  edge,
  onTest,
  onClose,
}: {
  edge: MapEdge | undefined;
  /** Reads the map again. */
  onTest(): void;
  onClose(): void;
}) {
  return (
    <Panel title={edge?.label || "Link"} isOpen={edge !== undefined} size="large" onClose={onClose}>
      {edge && (
        <>
          <Text as="p" block>
            {edge.text}: {statusTexts[edge.status]}.
          </Text>
          <Body subject={edge.subject} onTest={onTest} />
        </>
      )}
    </Panel>
  );
}

function Body({ subject, onTest }: { subject: EdgeSubject; onTest(): void }) {
  const go = useGo();
  switch (subject.kind) {
    case "synapseLink":
      return <SynapseLinkBody workspace={subject.workspace} link={subject.link} onTest={onTest} />;
    case "machineLearningLink":
      return <MachineLearningLinkBody from={subject.from} link={subject.link} onTest={onTest} />;
    case "pool":
      return (
        <Button onClick={() => go(scopePath("overview", subject.poolId))}>
          Open the Spark pool
        </Button>
      );
    case "attached":
      return (
        <Button onClick={() => go(`${studioPath(subject.workspaceId)}/compute/${subject.compute}`)}>
          Open the attached compute
        </Button>
      );
    default:
      return subject satisfies never;
  }
}

function studioPath(id: string): string {
  const [, , subscription, , group] = id.split("/");
  return `/ml/${subscription}/${group}/${nameOf(id)}`;
}

function SynapseLinkBody({
  workspace,
  link,
  onTest,
}: {
  workspace: string;
  link: SynapseLink;
  onTest(): void;
}) {
  const go = useGo();
  return (
    <>
      {link.error ? <Problem error={link.error} onRetry={onTest} /> : null}
      {link.answer && <Verdict answer={link.answer} onTest={onTest} />}
      {link.targetId === "" && (
        <p>
          You may list this linked service but not open it: Synapse Artifact User or a role above it
          in Access control of {workspace} shows where it leads.
        </p>
      )}
      <p>
        {link.targetId !== "" && (
          <Button onClick={() => go(scopePath("access-control", link.targetId))}>
            Access control (IAM) of {nameOf(link.targetId)}
          </Button>
        )}{" "}
        <Button onClick={() => go(`/synapse/${workspace}/manage/linked-services`)}>
          Linked services of {workspace}
        </Button>
      </p>
    </>
  );
}

function MachineLearningLinkBody({
  from,
  link,
  onTest,
}: {
  from: string;
  link: MachineLearningLink;
  onTest(): void;
}) {
  const go = useGo();
  const synapse = nameOf(link.targetId);
  return (
    <>
      <Essentials
        label="Link"
        entries={[
          ["Azure Machine Learning workspace", nameOf(from)],
          ["Synapse workspace", synapse],
          ["Identity of the link", link.identityId ?? ""],
          [
            "Synapse Apache Spark Administrator",
            link.canUseSpark === undefined ? "Not known" : link.canUseSpark ? "Yes" : "No",
          ],
        ]}
      />
      {link.error ? <Problem error={link.error} onRetry={onTest} /> : null}
      {link.canUseSpark === false && link.identityId !== undefined && (
        <SparkGrant synapse={synapse} identityId={link.identityId} onDone={onTest} />
      )}
      <p>
        <Button onClick={() => go(`${studioPath(from)}/linked-services/${link.name}`)}>
          Open the link in Azure Machine Learning studio
        </Button>{" "}
        <Button onClick={() => go(`/synapse/${synapse}/manage/access-control`)}>
          Access control of {synapse}
        </Button>
      </p>
    </>
  );
}

/** The grant that the document asks for before a Spark session is started. */
function SparkGrant({
  synapse,
  identityId,
  onDone,
}: {
  synapse: string;
  identityId: string;
  onDone(): void;
}) {
  const right = useSynapseRightOn(synapse, "roleAssignments/write");
  const { role, grant } = useSparkAdministratorGrant({ synapse, identityId, onDone });
  return (
    <>
      <Text as="p" block>
        Before a Synapse session is started, the link's identity must be granted the Synapse Apache
        Spark Administrator role of the Synapse workspace.
      </Text>
      <CommandButton
        appearance="primary"
        right={right}
        disabledReason={
          role && !grant.isPending ? undefined : "The roles of the workspace are loading."
        }
        onClick={() => grant.mutate(undefined)}
      >
        Assign Synapse Apache Spark Administrator
      </CommandButton>
      {grant.error && <Problem error={grant.error} />}
    </>
  );
}
