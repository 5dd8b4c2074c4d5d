// Takes back what `callosum link` made for a pair of workspaces, by its record and nothing else.

import type { Connection } from "@callosum/sdk/connection.ts";
import { deleteResource, findResource, listPages } from "@callosum/sdk/resource.ts";
import { deleteRoleAssignment } from "@callosum/sdk/role-assignment.ts";
import { openSynapseWorkspace, type SynapseWorkspace } from "@callosum/sdk/synapse-workspace.ts";
import { computeApiVersion, type FoundApplication, linkApiVersion } from "./link-plan.ts";
import type { LinkRecord, Made, MadeKind } from "./link-record.ts";

const assignmentApiVersion = "2022-04-01";

export interface UnlinkStep {
  readonly made: Made;
  /** False where somebody else has taken it back already. */
  readonly isThere: boolean;
}

interface Target {
  readonly api: Connection;
  readonly workspace: SynapseWorkspace;
}

interface Handler {
  isThere(target: Target, id: string): Promise<boolean>;
  remove(target: Target, id: string): Promise<unknown>;
}

const handlers: Readonly<Record<MadeKind, Handler>> = {
  linkedService: {
    isThere: async ({ workspace }, id) => (await workspace.linkedServices.find(id)) !== undefined,
    remove: ({ workspace }, id) => workspace.linkedServices.delete(id),
  },
  contributor: {
    isThere: ({ api }, id) => exists(api, { id, apiVersion: assignmentApiVersion }),
    remove: ({ api }, id) => deleteRoleAssignment(api, id),
  },
  application: {
    isThere: async ({ api }, id) => (await findApplications(api, id)).length > 0,
    async remove({ api }, id) {
      for (const application of await findApplications(api, id)) {
        await api.send({
          service: "graph",
          method: "DELETE",
          path: `/v1.0/applications/${application.id}`,
          accept: [404],
        });
      }
    },
  },
  machineLearningLink: {
    isThere: ({ api }, id) => exists(api, { id, apiVersion: linkApiVersion }),
    remove: ({ api }, id) => deleteResource(api, { id, apiVersion: linkApiVersion }),
  },
  sparkAdministrator: {
    async isThere({ workspace }, id) {
      return (await workspace.roleAssignments.list()).some((each) => each.id === id);
    },
    remove: ({ workspace }, id) => workspace.roleAssignments.delete(id),
  },
  compute: {
    isThere: ({ api }, id) => exists(api, { id, apiVersion: computeApiVersion }),
    remove: ({ api }, id) =>
      deleteResource(api, {
        id,
        apiVersion: computeApiVersion,
        query: { underlyingResourceAction: "Detach" },
      }),
  },
};

/** What of the record is still there. */
export async function planUnlink(
  api: Connection,
  { record, synapseName }: { record: LinkRecord; synapseName: string },
): Promise<{ steps: UnlinkStep[]; run(): Promise<void> }> {
  const target = { api, workspace: openSynapseWorkspace(synapseName, api) };
  const steps = await Promise.all(
    record.made.map(async (made) => ({
      made,
      isThere: await handlers[made.kind].isThere(target, made.id),
    })),
  );
  const remove = async (kinds: readonly MadeKind[]) => {
    const wanted = steps.filter(({ made, isThere }) => isThere && kinds.includes(made.kind));
    await Promise.all(wanted.map(({ made }) => handlers[made.kind].remove(target, made.id)));
  };
  return {
    steps,
    async run() {
      // A link cannot go before the pools that use it, nor an application before what names it.
      await remove(["compute", "linkedService"]);
      await remove(["machineLearningLink", "sparkAdministrator", "contributor"]);
      await remove(["application"]);
    },
  };
}

async function exists(
  api: Connection,
  address: { id: string; apiVersion: string },
): Promise<boolean> {
  return (await findResource(api, address)) !== undefined;
}

function findApplications(api: Connection, displayName: string): Promise<FoundApplication[]> {
  return listPages(api, {
    service: "graph",
    path: "/v1.0/applications",
    query: { $filter: `displayName eq '${displayName}'` },
  });
}
