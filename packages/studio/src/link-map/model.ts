// The link map as nodes and edges, laid out in columns: Synapse workspaces, identities, machine
// learning workspaces, with the pools below. Pure; the picture and the list show the same edges.

import { nameOf } from "../api/scope.ts";
import type {
  Fact,
  MachineLearningFact,
  MachineLearningLink,
  SynapseFact,
  SynapseLink,
} from "./fact.ts";

export type Status = "ok" | "missing" | "unknown";
export type NodeKind = "synapse" | "machineLearning" | "identity" | "pool";

export interface MapNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly label: string;
  readonly detail: string;
  /** False for what a link names and is not there, or not to be seen. */
  readonly isThere: boolean;
  readonly x: number;
  readonly y: number;
}

export type EdgeSubject =
  | { readonly kind: "synapseLink"; readonly workspace: string; readonly link: SynapseLink }
  | {
      readonly kind: "machineLearningLink";
      readonly from: string;
      readonly link: MachineLearningLink;
    }
  | { readonly kind: "pool"; readonly poolId: string }
  | { readonly kind: "attached"; readonly workspaceId: string; readonly compute: string };

export interface MapEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly status: Status;
  /** A sentence for the list. */
  readonly text: string;
  readonly subject: EdgeSubject;
}

export interface LinkMap {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
}

/** Left edge of each column; pools lie below the others, side by side. */
const columns: Readonly<Record<Exclude<NodeKind, "pool">, number>> = {
  synapse: 0,
  identity: 380,
  machineLearning: 760,
};
const rowHeight = 110;
const poolWidth = 230;
const poolGap = 40;

const key = (id: string) => id.toLowerCase();

export function buildMap(facts: readonly Fact[]): LinkMap {
  const nodes = new Map<string, Omit<MapNode, "x" | "y">>();
  const edges: MapEdge[] = [];
  for (const fact of facts) {
    nodes.set(key(fact.workspace.id), {
      id: key(fact.workspace.id),
      kind: fact.kind,
      label: fact.workspace.name,
      detail:
        fact.problems.length > 0
          ? "You may not see everything in it"
          : fact.kind === "synapse"
            ? "Synapse workspace"
            : "Machine learning workspace",
      isThere: true,
    });
  }
  const ensure = (node: Omit<MapNode, "x" | "y">) => {
    if (!nodes.has(node.id)) nodes.set(node.id, node);
  };
  for (const fact of facts) {
    if (fact.kind === "synapse") addSynapse(fact, { ensure, edges });
    else addMachineLearning(fact, { ensure, edges });
  }
  return { nodes: placed([...nodes.values()]), edges };
}

interface Drawing {
  ensure(node: Omit<MapNode, "x" | "y">): void;
  readonly edges: MapEdge[];
}

function addSynapse({ workspace, links, pools }: SynapseFact, { ensure, edges }: Drawing): void {
  const from = key(workspace.id);
  for (const pool of pools) {
    ensure(poolNode(pool.id));
    edges.push({
      id: `pool ${key(pool.id)}`,
      from,
      to: key(pool.id),
      label: "",
      status: "ok",
      text: `Spark pool ${pool.name} belongs to ${workspace.name}`,
      subject: { kind: "pool", poolId: pool.id },
    });
  }
  for (const link of links) {
    const to = key(link.targetId);
    const target =
      link.targetId === "" ? "a workspace that you may not see" : nameOf(link.targetId);
    const status = statusOf(link.answer?.succeeded);
    const identity = link.explanation?.identity;
    const identityId = `identity ${identity?.principalId ?? `${from} ${link.name}`}`;
    const who =
      identity?.displayName ?? (identity?.principalId === null ? "No identity" : "Identity");
    const kind = identity?.kind === "servicePrincipal" ? "Service principal" : "Managed identity";
    ensure(missingWorkspace(link.targetId, "machineLearning"));
    ensure({ id: identityId, kind: "identity", label: who, detail: kind, isThere: true });
    const subject = { kind: "synapseLink", workspace: workspace.name, link } as const;
    edges.push({
      id: `link ${from} ${link.name}`,
      from,
      to: identityId,
      label: link.name,
      status,
      text: `Linked service ${link.name} leads from ${workspace.name} to ${target} as ${who}`,
      subject,
    });
    const access = link.explanation?.target?.access;
    const mayRead = access ? access.every(({ allowed }) => allowed) : link.answer?.succeeded;
    const [grant] = access?.flatMap(({ because }) => because) ?? [];
    const role = grant?.roleName ?? "role";
    edges.push({
      id: `grant ${from} ${link.name}`,
      from: identityId,
      to,
      label: mayRead === false ? "role missing" : role,
      status: statusOf(mayRead),
      text:
        mayRead === false
          ? `${who} has no sufficient role on ${nameOf(link.targetId)}`
          : `${who} may use ${nameOf(link.targetId)}: ${role}`,
      subject,
    });
  }
}

function addMachineLearning(
  { workspace, links, computes }: MachineLearningFact,
  { ensure, edges }: Drawing,
): void {
  const from = key(workspace.id);
  for (const link of links) {
    const to = key(link.targetId);
    const identityId = `identity ${link.identityId ?? `${from} ${link.name}`}`;
    const subject = { kind: "machineLearningLink", from: workspace.id, link } as const;
    ensure(missingWorkspace(link.targetId, "synapse"));
    ensure({
      id: identityId,
      kind: "identity",
      label: `${workspace.name}/${link.name}`,
      detail: "Identity of the link",
      isThere: link.identityId !== undefined,
    });
    edges.push({
      id: `link ${from} ${link.name}`,
      from,
      to: identityId,
      label: link.name,
      status: "ok",
      text: `Link ${link.name} leads from ${workspace.name} to ${nameOf(link.targetId)} with an identity of its own`,
      subject,
    });
    const isMissing = link.canUseSpark === false;
    edges.push({
      id: `grant ${from} ${link.name}`,
      from: identityId,
      to,
      label: isMissing ? "role missing" : "role",
      status: statusOf(link.canUseSpark),
      text: isMissing
        ? `The identity of ${link.name} is no Synapse Apache Spark Administrator of ${nameOf(link.targetId)}`
        : `The identity of ${link.name} may use Spark in ${nameOf(link.targetId)}`,
      subject,
    });
  }
  for (const compute of computes) {
    const poolId = compute.properties?.resourceId ?? "";
    ensure(poolNode(poolId));
    edges.push({
      id: `attached ${from} ${compute.name}`,
      from,
      to: key(poolId),
      label: compute.name,
      status: "ok",
      text: `Attached compute ${compute.name} of ${workspace.name} runs on Spark pool ${nameOf(poolId)}`,
      subject: { kind: "attached", workspaceId: workspace.id, compute: compute.name },
    });
  }
}

function statusOf(isFine: boolean | undefined): Status {
  if (isFine === undefined) return "unknown";
  return isFine ? "ok" : "missing";
}

function poolNode(id: string): Omit<MapNode, "x" | "y"> {
  return { id: key(id), kind: "pool", label: nameOf(id), detail: "Spark pool", isThere: true };
}

/** Where a link leads, if no workspace that is shown is there. */
function missingWorkspace(
  id: string,
  kind: "synapse" | "machineLearning",
): Omit<MapNode, "x" | "y"> {
  const detail = "Not there, or you may not see it";
  return { id: key(id), kind, label: nameOf(id) || "Not shown", detail, isThere: id === "" };
}

/** Every column is spread over the height of the fullest. */
function placed(nodes: readonly Omit<MapNode, "x" | "y">[]): MapNode[] {
  const counts = new Map<NodeKind, number>();
  const rows = nodes.map(({ kind }) => {
    const row = counts.get(kind) ?? 0;
    counts.set(kind, row + 1);
    return row;
  });
  const inColumns = [...counts].filter(([kind]) => kind !== "pool").map(([, count]) => count);
  const height = Math.max(1, ...inColumns) * rowHeight;
  return nodes.map((node, index) => {
    const row = rows[index] ?? 0;
    if (node.kind === "pool") return { ...node, x: row * poolWidth, y: height + poolGap };
    const slot = height / (counts.get(node.kind) ?? 1);
    return { ...node, x: columns[node.kind], y: (row + 0.5) * slot - rowHeight / 2 };
  });
}
