// What Test Connection answers beyond Azure's shape: one entry per finding, in the order in which a
// connection is made, each with who is at fault and what repairs it (design.md §6).

/** Definition → runtime and network → token → resource → permission → data plane. */
export const hopNames = [
  "definition",
  "runtime",
  "token",
  "resource",
  "permission",
  "dataPlane",
] as const;

export type HopName = (typeof hopNames)[number];

/** `skipped`: an earlier failure leaves nothing to look at, or the caller may not know. */
export type HopStatus = "passed" | "failed" | "warning" | "skipped";

export type FaultParty =
  | "caller"
  | "linkedService"
  | "synapseWorkspace"
  | "workspaceIdentity"
  | "servicePrincipal"
  | "keyVault"
  | "target";

export interface Fault {
  readonly party: FaultParty;
  /** Object id in the directory, where the party is a principal. */
  readonly principalId?: string;
  readonly displayName?: string;
}

/** The role whose assignment is missing, least first where several would do. */
export interface MissingRole {
  readonly role: string;
  /** GUID of the role definition. */
  readonly roleDefinitionId: string;
  /** An action of that role that the principal lacks. */
  readonly action: string;
  /** ARM id, or a Synapse scope (`workspaces/{name}/…`). */
  readonly scope: string;
}

/** One REST call that does what the command does; a studio button sends it as the caller. */
export interface FixRequest {
  readonly plane: "arm" | "synapse" | "graph" | "vault";
  readonly method: "PUT" | "PATCH" | "POST" | "DELETE";
  /** With query; below the resource manager, Graph (v1.0), or the endpoint named by `subject`. */
  readonly path: string;
  /** The Synapse workspace's or vault's name; absent for the others. */
  readonly subject?: string;
  readonly body?: unknown;
}

export interface Fix {
  readonly description: string;
  /** Complete: run as it is by someone entitled, it repairs the finding. */
  readonly command?: string;
  readonly request?: FixRequest;
  /** For a link that is still in a form: the property and the value that it should have. */
  readonly edit?: { readonly property: string; readonly value: unknown };
}

export interface VerdictHop {
  readonly hop: HopName;
  readonly status: HopStatus;
  /** Azure's number where it has one (2103, 4121 to 4125, 9512), else "0". */
  readonly code: string;
  /** Stable and ours: what programs and tests look at. */
  readonly reason: string;
  readonly message: string;
  /** What Azure's own answer says where it differs from `message`. */
  readonly serviceMessage?: string;
  readonly fault?: Fault;
  readonly missing?: MissingRole;
  readonly fix?: Fix;
}

export interface Verdict {
  readonly succeeded: boolean;
  /** Reason of the first failed hop. */
  readonly cause?: string;
  readonly hops: readonly VerdictHop[];
}

/** The body of the answer: Azure's part, then ours. */
export interface TestConnectivityAnswer {
  readonly succeeded: boolean;
  readonly errors?: readonly { readonly code: string; readonly message: string }[];
  readonly verdict: Verdict;
}
