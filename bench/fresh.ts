// From nothing to a linked, granted, attached pair through the official JavaScript clients' own calls and
// through azure-cli's: a fresh instance, made cold and restored from a snapshot. `npm run bench -- fresh`;
// `--quick` for one round.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { AzureMachineLearningWorkspaces } from "@azure/arm-machinelearning";
import { ResourceManagementClient } from "@azure/arm-resources";
import { SynapseManagementClient } from "@azure/arm-synapse";
import { ClientSecretCredential } from "@azure/identity";
import { AccessControlClient } from "@azure/synapse-access-control";
import { ArtifactsClient } from "@azure/synapse-artifacts";
import type { Contract } from "@callosum/server/main.ts";
import { openVenv } from "../tests/clients/venv.ts";
import { makePairWithAzureCli, requirePairWithAzureCli } from "./fresh/azure-cli.ts";
import { runCallosum } from "./load/callosum.ts";

const rounds = process.argv.includes("--quick") ? 1 : 5;
const contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const sparkAdministrator = "c3a6d2f1-a26f-4810-9b0f-591308d5cbf1";

async function up(directory: string): Promise<Contract> {
  const ports = ["--port", "0", "--proxy-port", "0", "--sql-port", "0"];
  const contract = JSON.parse(
    (await runCallosum(["up", "--detach", "--json", "--data", directory, ...ports])).output,
  ) as Contract;
  setDefaultCACertificates([
    ...getCACertificates("default"),
    readFileSync(contract.caFile, "utf8"),
  ]);
  return contract;
}

function signIn({ tenantId, admin, origin }: Contract): ClientSecretCredential {
  const secret = readFileSync(admin.secretFile, "utf8").trim();
  return new ClientSecretCredential(tenantId, admin.clientId, secret, {
    authorityHost: origin,
    disableInstanceDiscovery: true,
  });
}

/** The calls that a program makes which knows nothing of us. */
async function makePair(contract: Contract): Promise<void> {
  const { subscriptionId, origin } = contract;
  const credential = signIn(contract);
  const endpoint = { endpoint: origin };
  const location = "westeurope";
  const identity = { type: "SystemAssigned" } as const;
  const resources = new ResourceManagementClient(credential, subscriptionId, endpoint);
  const synapse = new SynapseManagementClient(credential, subscriptionId, endpoint);
  const learning = new AzureMachineLearningWorkspaces(credential, subscriptionId, endpoint);
  const authorization = new AuthorizationManagementClient(credential, subscriptionId, endpoint);
  await resources.resourceGroups.createOrUpdate("rg1", { location });
  const [workspace, machineLearning] = await Promise.all([
    synapse.workspaces.beginCreateOrUpdateAndWait("rg1", "ws1", {
      location,
      identity,
      defaultDataLakeStorage: {
        accountUrl: "https://lake.dfs.core.windows.net",
        filesystem: "f",
      },
      sqlAdministratorLogin: "sqladmin",
      sqlAdministratorLoginPassword: "Bench-Passw0rd-1",
    }),
    learning.workspaces.beginCreateOrUpdateAndWait("rg1", "ml1", { location, identity }),
  ]);
  const pool = await synapse.bigDataPools.beginCreateOrUpdateAndWait("rg1", "ws1", "pool1", {
    location,
    nodeSize: "Small",
    nodeSizeFamily: "MemoryOptimized",
    nodeCount: 3,
    sparkVersion: "3.4",
  });
  const artifacts = new ArtifactsClient(credential, `${origin}/synapse/ws1`);
  const [link] = await Promise.all([
    // No client of Azure's has an operation for the link's other half: by its id, as az does.
    resources.resources.beginCreateOrUpdateByIdAndWait(
      `${machineLearning.id}/linkedServices/link1`,
      "2020-09-01-preview",
      { location, identity, properties: { linkedServiceResourceId: workspace.id } },
    ),
    authorization.roleAssignments.create(machineLearning.id ?? "", crypto.randomUUID(), {
      principalId: workspace.identity?.principalId ?? "",
      principalType: "ServicePrincipal",
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${contributor}`,
    }),
    artifacts.linkedServiceOperations.beginCreateOrUpdateLinkedServiceAndWait("ml1", {
      properties: {
        type: "AzureMLService",
        subscriptionId,
        resourceGroupName: "rg1",
        mlWorkspaceName: "ml1",
        authentication: "MSI",
      },
    }),
  ]);
  const access = new AccessControlClient(credential, `${origin}/synapse/ws1`);
  await Promise.all([
    access.roleAssignments.createRoleAssignment(
      crypto.randomUUID(),
      sparkAdministrator,
      link.identity?.principalId ?? "",
      "workspaces/ws1",
    ),
    learning.computeOperations.beginCreateOrUpdateAndWait("rg1", "ml1", "spark1", {
      location,
      properties: { computeType: "SynapseSpark", resourceId: pool.id },
    }),
  ]);
  await requirePair(contract);
}

/** The attached pool is there, as the client sees it. */
async function requirePair(contract: Contract): Promise<void> {
  const { subscriptionId, origin } = contract;
  const endpoint = { endpoint: origin };
  const learning = new AzureMachineLearningWorkspaces(signIn(contract), subscriptionId, endpoint);
  const { properties } = await learning.computeOperations.get("rg1", "ml1", "spark1");
  if (properties?.provisioningState !== "Succeeded") throw new Error(JSON.stringify(properties));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function shown(name: string, values: readonly number[]): string {
  const sorted = [...values].sort((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `${name}: median ${Math.round(median)} ms, best ${Math.round(sorted[0] ?? 0)} ms, worst ${Math.round(sorted.at(-1) ?? 0)} ms`;
}

/** How a client makes the pair in a fresh instance, and how it sees that it is there. */
interface Maker {
  readonly name: string;
  make(contract: Contract, directory: string): Promise<void>;
  look(contract: Contract, directory: string): Promise<void>;
}

const root = mkdtempSync(join(tmpdir(), "callosum-bench-"));

async function measure({ name, make, look }: Maker): Promise<void> {
  const snapshot = join(root, `${name}.snapshot`);
  const cold: number[] = [];
  const restored: number[] = [];
  const unpacked: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const directory = join(root, `${name}-cold${round}`);
    cold.push(await timed(async () => make(await up(directory), directory)));
    if (round === 0) await runCallosum(["snapshot", "save", snapshot, "--data", directory]);
    await runCallosum(["down", "--data", directory]);
    const again = join(root, `${name}-restored${round}`);
    restored.push(
      await timed(async () => {
        unpacked.push(
          await timed(() => runCallosum(["snapshot", "restore", snapshot, "--data", again])),
        );
        await look(await up(again), again);
      }),
    );
    await runCallosum(["down", "--data", again]);
  }
  console.log(shown(`${name}: cold, from the first start to the attached pool`, cold));
  console.log(shown(`${name}: from a snapshot, restored, started and looked at`, restored));
  console.log(shown(`${name}:   of that the restore`, unpacked));
}

try {
  await measure({ name: "JavaScript clients", make: makePair, look: requirePair });
  const venv = await openVenv("azure-cli");
  if (venv.skip) console.log(`azure-cli: not measured, ${venv.skip}`);
  else {
    const program = venv.program("az");
    await measure({
      name: "azure-cli",
      async make(contract, directory) {
        const { commands, startMs } = await makePairWithAzureCli({ program, directory, contract });
        console.log(
          `azure-cli: ${commands} commands; one that asks nothing takes ${Math.round(startMs)} ms`,
        );
      },
      look: (contract, directory) => requirePairWithAzureCli({ program, directory, contract }),
    });
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
