// Terraform and its azurerm provider, unmodified: the pair from nothing, no change after it, every
// resource imported, all removed. On demand where `terraform` is on the PATH; the provider comes from
// Terraform's registry, or from the folder that CALLOSUM_AZURERM_PROVIDER names.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { follow, type Instance, openInstance, startExec } from "./exec.ts";
import { openRecord } from "./record.ts";
import { clientCache } from "./venv.ts";

const initTimeoutMs = 180_000;
const folder = join(clientCache(), "terraform");
const provider = process.env.CALLOSUM_AZURERM_PROVIDER;
const settings = {
  TF_IN_AUTOMATION: "1",
  CHECKPOINT_DISABLE: "1",
  TF_PLUGIN_CACHE_DIR: join(folder, "plugins"),
};

const configuration = (name: string) =>
  fileURLToPath(new URL(`terraform/${name}.tf`, import.meta.url));

/** What the provider does not read back, so that a plan after an import sets it again. */
const notRead = [
  "azurerm_synapse_linked_service.link",
  "azurerm_synapse_spark_pool.pool",
  "azurerm_synapse_workspace.synapse",
];

const found = await findTerraform();
if (typeof found === "string") console.error(`!!! ${found} !!!`);
const terraform = typeof found === "string" ? { version: "", provider: "" } : found;
const record = openRecord(
  "terraform",
  {
    client: "Terraform azurerm",
    version: terraform.provider,
    platform: `Terraform ${terraform.version}`,
    test: "tests/clients/terraform.test.ts",
  },
  [
    "After an import the provider sets again what it never reads: `type_properties_json`, a workspace's password, a pool's log folders.",
    ...(process.env.CALLOSUM_AZURERM_NOTE ? [process.env.CALLOSUM_AZURERM_NOTE] : []),
  ],
);

/** Gives the versions, or why there is none. */
async function findTerraform(): Promise<string | { version: string; provider: string }> {
  const asked = spawnSync("terraform", ["version", "-json"], { encoding: "utf8" });
  if (asked.status !== 0) return "no terraform on the PATH, so azurerm is not run";
  const version: string = JSON.parse(asked.stdout).terraform_version;
  mkdirSync(settings.TF_PLUGIN_CACHE_DIR, { recursive: true });
  cpSync(configuration("main"), join(folder, "main.tf"));
  if (provider) return { version, provider: process.env.CALLOSUM_AZURERM_VERSION ?? provider };
  const init = await follow(
    spawn("terraform", ["init", "-no-color", "-input=false"], {
      cwd: folder,
      env: { ...process.env, ...settings },
      timeout: initTimeoutMs,
    }),
  );
  if (init.code !== 0) {
    const said = init.stderr.slice(init.stderr.indexOf("Error:"));
    const reason = said
      .replace(/[\s│╷╵]+/g, " ")
      .trim()
      .slice(0, 300);
    return `terraform init did not get the azurerm provider, so it is not run: ${reason}`;
  }
  const [, given = ""] = /azurerm v([\d.]+)/.exec(init.stdout) ?? [];
  return { version, provider: given };
}

describe("Terraform azurerm through exec, on Azure's host names", {
  skip: typeof found === "string" && found,
}, () => {
  let instance: Instance;
  let work: string;
  let variables: NodeJS.ProcessEnv;
  before(async () => {
    instance = await openInstance();
    work = join(instance.files, "terraform");
    cpSync(folder, work, { recursive: true });
    if (provider) writeFileSync(join(work, "rc"), overrides(provider));
    variables = { ...settings, ...(provider && { TF_CLI_CONFIG_FILE: join(work, "rc") }) };
  });
  after(async () => {
    record.write();
    await instance?.close();
  });

  const overrides = (path: string) =>
    `provider_installation {\n  dev_overrides {\n    "hashicorp/azurerm" = "${path}"\n  }\n}\n`;

  async function run(...words: readonly string[]) {
    const environment = { ...process.env, ...variables };
    const command = ["--", "terraform", `-chdir=${work}`, ...words, "-no-color"];
    return await follow(startExec(instance.directory, command, environment));
  }

  async function must(...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await run(...words);
    assert.equal(code, 0, `terraform ${words[0]}\n${stdout}\n${stderr}`);
    return stdout;
  }

  // biome-ignore lint/suspicious/noExplicitAny: Terraform's own document
  async function state(): Promise<any[]> {
    const { values } = JSON.parse(await must("show", "-json"));
    return values.root_module.resources.filter(({ mode }: { mode: string }) => mode === "managed");
  }

  it(
    "makes the pair, linked, attached and granted, and sees no change after it",
    record.covers(
      [
        "apply, then plan without a change",
        "azurerm_resource_group",
        "azurerm_storage_account, azurerm_storage_data_lake_gen2_filesystem",
        "azurerm_role_assignment by role name",
        "azurerm_key_vault, azurerm_log_analytics_workspace, azurerm_application_insights",
        "azurerm_synapse_workspace, _firewall_rule, _spark_pool, _linked_service (AzureMLService), _role_assignment",
        "azurerm_machine_learning_workspace, azurerm_machine_learning_synapse_spark",
      ],
      async () => {
        const applied = await must("apply", "-auto-approve", "-input=false");
        assert.match(applied, /Apply complete! Resources: 16 added, 0 changed, 0 destroyed/);
        const planned = await run("plan", "-detailed-exitcode", "-input=false");
        assert.equal(planned.code, 0, planned.stdout);
      },
    ),
  );

  it(
    "imports every resource",
    record.covers(["import, then plan"], async () => {
      const resources = await state();
      for (const { address, values } of resources) {
        await must("state", "rm", address);
        await must("import", "-input=false", address, values.id);
      }
      await must("plan", "-input=false", "-out=after-import");
      const { resource_changes: changes } = JSON.parse(await must("show", "-json", "after-import"));
      const changed = changes
        .filter(({ change }: { change: { actions: string[] } }) => change.actions[0] !== "no-op")
        .map(
          ({ address, change }: { address: string; change: { actions: string[] } }) =>
            `${address} ${change.actions}`,
        );
      assert.deepEqual(
        changed.sort(),
        notRead.map((address) => `${address} update`),
      );
      await must("apply", "-input=false", "after-import");
    }),
  );

  it(
    "finds a private cloud by its metadata, without a proxy",
    record.covers(["ARM_METADATA_HOSTNAME: apply, destroy"], async () => {
      const own = join(instance.files, "own-cloud");
      cpSync(folder, own, { recursive: true });
      cpSync(configuration("own-cloud"), join(own, "main.tf"));
      const { contract } = instance;
      const environment = {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        ...variables,
        ARM_METADATA_HOSTNAME: new URL(contract.origin).host,
        SSL_CERT_FILE: contract.caFile,
        ARM_TENANT_ID: contract.tenantId,
        ARM_SUBSCRIPTION_ID: contract.subscriptionId,
        ARM_CLIENT_ID: contract.admin.clientId,
        ARM_CLIENT_SECRET: readFileSync(contract.admin.secretFile, "utf8").trim(),
      };
      for (const verb of ["apply", "destroy"]) {
        const words = [`-chdir=${own}`, verb, "-auto-approve", "-input=false", "-no-color"];
        const ended = await follow(spawn("terraform", words, { env: environment }));
        assert.equal(ended.code, 0, ended.stderr);
      }
    }),
  );

  it(
    "removes all",
    record.covers(["destroy"], async () => {
      const destroyed = await must("destroy", "-auto-approve", "-input=false");
      assert.match(destroyed, /Destroy complete! Resources: 16 destroyed/);
    }),
  );
});
