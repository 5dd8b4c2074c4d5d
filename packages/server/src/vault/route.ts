// The secrets' routes: set, get, update, list, versions, delete, recover, purge.

import { appendActivity } from "@callosum/contract/activity.ts";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ArmResource, Writer } from "@callosum/contract/ports.ts";
import { clientName, type Principal } from "@callosum/contract/principal.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import type { Answer, Call, Method, Route } from "../http/route.ts";
import { requireAccess, type SecretOperation } from "./access.ts";
import { readAttributes, readSetBody } from "./body.ts";
import { vaultFail } from "./error-catalogue.ts";
import {
  openValue,
  readSecret,
  requireSecret,
  requireVersion,
  type Secret,
  secretKey,
  secretType,
  writeSecret,
} from "./secret.ts";
import { deletedView, itemView, secretView } from "./view.ts";

const versions = new Set([
  "2015-06-01",
  "2016-10-01",
  "7.0",
  "7.1",
  "7.2",
  "7.3",
  "7.4",
  "7.5",
  "7.6",
  "2025-07-01",
  "2026-04-01",
]);
const source = "public documentation of Key Vault's REST operations on secrets";
const pageSize = 25;
const retentionDays = 90;
const daySeconds = 24 * 3600;

interface Asked {
  readonly services: PlaneServices;
  readonly call: Call;
  readonly principal: Principal;
  readonly vault: ArmResource;
  readonly name: string;
  readonly baseUrl: string;
}

interface Row {
  readonly method: Method;
  readonly path: string;
  readonly operation: SecretOperation;
  readonly summary: string;
  run(asked: Asked): Promise<Answer>;
}

const rows: readonly Row[] = [
  {
    method: "PUT",
    path: "/secrets/:name",
    operation: "set",
    summary: "Set a secret",
    run: setSecret,
  },
  {
    method: "GET",
    path: "/secrets/:name",
    operation: "get",
    summary: "The current version",
    run: getSecret,
  },
  {
    method: "GET",
    path: "/secrets/:name/:version",
    operation: "get",
    summary: "A version",
    run: getSecret,
  },
  {
    method: "PATCH",
    path: "/secrets/:name/:version",
    operation: "update",
    summary: "Change attributes",
    run: updateSecret,
  },
  {
    method: "PATCH",
    path: "/secrets/:name",
    operation: "update",
    summary: "Change attributes",
    run: updateSecret,
  },
  {
    method: "DELETE",
    path: "/secrets/:name",
    operation: "delete",
    summary: "Soft-delete",
    run: deleteSecret,
  },
  {
    method: "GET",
    path: "/secrets",
    operation: "list",
    summary: "Secrets without values",
    run: listSecrets,
  },
  {
    method: "GET",
    path: "/secrets/:name/versions",
    operation: "list",
    summary: "Versions of a secret",
    run: listVersions,
  },
  {
    method: "GET",
    path: "/deletedsecrets",
    operation: "list",
    summary: "Deleted secrets",
    run: listDeleted,
  },
  {
    method: "GET",
    path: "/deletedsecrets/:name",
    operation: "list",
    summary: "A deleted secret",
    run: getDeleted,
  },
  {
    method: "DELETE",
    path: "/deletedsecrets/:name",
    operation: "purge",
    summary: "Purge",
    run: purgeSecret,
  },
  {
    method: "POST",
    path: "/deletedsecrets/:name/recover",
    operation: "recover",
    summary: "Recover",
    run: recoverSecret,
  },
];

const secretName = /^[0-9A-Za-z-]{1,127}$/;

export function secretRoutes(services: PlaneServices): Route[] {
  return rows.map(({ method, path, operation, summary, run }) => ({
    plane: "vault",
    method,
    path: `/:vault${path}`,
    source,
    summary,
    access: { action: `Microsoft.KeyVault/vaults/secrets/${operation}` },
    async handle(call) {
      const principal = await call.principal();
      requireVersionParameter(call);
      const vault = await requireVault(services, call);
      const { name } = call.params;
      await requireAccess(services.authorizer, {
        principal,
        vault,
        operation,
        ...(name ? { secretName: name } : {}),
      });
      if (name !== undefined && !secretName.test(name)) {
        throw vaultFail.BadParameter({
          reason: `The request URI contains an invalid name: ${name}`,
        });
      }
      const baseUrl = call.origin.base("vault", vault.name.toLowerCase());
      return run({ services, call, principal, vault, name: name ?? "", baseUrl });
    },
  }));
}

/** Who is told of expiring certificates: nobody, for there are none. azurerm asks with every vault. */
export function contactsRoute(services: PlaneServices): Route {
  return {
    plane: "vault",
    method: "GET",
    path: "/:vault/certificates/contacts",
    source: "public documentation of Key Vault's REST operations on certificate contacts",
    summary: "The contacts of a vault's certificates",
    access: { action: "Microsoft.KeyVault/vaults/certificatecontacts/write" },
    async handle(call) {
      const principal = await call.principal();
      requireVersionParameter(call);
      const vault = await requireVault(services, call);
      await requireAccess(services.authorizer, { principal, vault, operation: "contacts" });
      throw vaultFail.ContactsNotFound({});
    },
  };
}

async function requireVault(services: PlaneServices, call: Call): Promise<ArmResource> {
  const name = call.params.vault ?? "";
  const vault = await services.resources.byEndpoint("vault", name);
  if (!vault) throw vaultFail.VaultNotFound({ vault: name });
  return vault;
}

function requireVersionParameter(call: Call): void {
  const given = call.query.get("api-version");
  if (given === null) throw fail.MissingApiVersionParameter({});
  if (!versions.has(given))
    throw fail.InvalidApiVersionParameter({ given, supported: [...versions].join(",") });
}

function nowSeconds({ services }: Asked): number {
  return Math.floor(services.clock.now().getTime() / 1000);
}

async function setSecret(asked: Asked): Promise<Answer> {
  const { services, call, vault, name, baseUrl } = asked;
  const sent = readSetBody(call.body);
  return services.store.transaction(async (writer) => {
    const existing = await readSecret(writer, vault, name);
    if (existing?.deleted) throw vaultFail.Conflict({ name });
    const now = nowSeconds(asked);
    const version = {
      version: services.random.guid().replaceAll("-", ""),
      created: now,
      updated: now,
      contentType: sent.contentType,
      tags: sent.tags,
      ...sent.attributes,
    };
    const secret: Secret = {
      name: existing?.name ?? name,
      versions: [...(existing?.versions ?? []), version],
      deleted: undefined,
    };
    const owner = secretKey(vault, secret.name);
    await writeSecret(writer, vault, secret);
    await writer.putSealed(
      owner,
      version.version,
      services.secrets.seal(owner, version.version, sent.value),
    );
    await record(writer, asked, "setSecret/action");
    return { status: 200, body: secretView({ baseUrl, secret, version, value: sent.value }) };
  });
}

async function getSecret({ services, call, vault, name, baseUrl }: Asked): Promise<Answer> {
  const reader = services.store.read;
  const secret = await requireSecret(reader, vault, name);
  const version = requireVersion(secret, call.params.version);
  const value = await openValue({ reader, secrets: services.secrets }, { vault, secret, version });
  return { status: 200, body: secretView({ baseUrl, secret, version, value }) };
}

async function updateSecret(asked: Asked): Promise<Answer> {
  const { services, call, vault, name, baseUrl } = asked;
  const sent = readAttributes(call.body);
  return services.store.transaction(async (writer) => {
    const secret = await requireSecret(writer, vault, name);
    const current = requireVersion(secret, call.params.version);
    const changed = { ...current, ...sent, updated: nowSeconds(asked) };
    const versionsAfter = secret.versions.map((version) =>
      version === current ? changed : version,
    );
    await writeSecret(writer, vault, { ...secret, versions: versionsAfter });
    await record(writer, asked, "update/action");
    return { status: 200, body: secretView({ baseUrl, secret, version: changed }) };
  });
}

async function deleteSecret(asked: Asked): Promise<Answer> {
  const { services, vault, name, baseUrl } = asked;
  return services.store.transaction(async (writer) => {
    const secret = await requireSecret(writer, vault, name);
    const at = nowSeconds(asked);
    const days = Number(vault.properties.softDeleteRetentionInDays ?? retentionDays);
    const deleted: Secret = { ...secret, deleted: { at, purgeAt: at + days * daySeconds } };
    await writeSecret(writer, vault, deleted);
    await record(writer, asked, "delete");
    return { status: 200, body: deletedView(baseUrl, deleted) };
  });
}

async function requireDeleted(asked: Asked, from = asked.services.store.read): Promise<Secret> {
  const secret = await readSecret(from, asked.vault, asked.name);
  if (!secret?.deleted || secret.deleted.purgeAt <= nowSeconds(asked)) {
    throw vaultFail.SecretNotFound({ name: asked.name });
  }
  return secret;
}

async function getDeleted(asked: Asked): Promise<Answer> {
  return { status: 200, body: deletedView(asked.baseUrl, await requireDeleted(asked)) };
}

async function purgeSecret(asked: Asked): Promise<Answer> {
  return asked.services.store.transaction(async (writer) => {
    const secret = await requireDeleted(asked, writer);
    await writer.removeTree(secretKey(asked.vault, secret.name));
    await record(writer, asked, "purge/action");
    return { status: 204 };
  });
}

async function recoverSecret(asked: Asked): Promise<Answer> {
  return asked.services.store.transaction(async (writer) => {
    const secret = await requireDeleted(asked, writer);
    const recovered: Secret = { ...secret, deleted: undefined };
    await writeSecret(writer, asked.vault, recovered);
    await record(writer, asked, "recover/action");
    return { status: 200, body: itemView(asked.baseUrl, recovered) };
  });
}

async function secretsOf({ services, vault }: Asked): Promise<Secret[]> {
  const documents = await services.store.read.documents<Secret>({
    parent: vault.id.toLowerCase(),
    type: secretType,
  });
  return documents.map(({ body }) => body);
}

async function listSecrets(asked: Asked): Promise<Answer> {
  const secrets = (await secretsOf(asked)).filter((secret) => !secret.deleted);
  return pageOf(
    asked,
    secrets.map((secret) => itemView(asked.baseUrl, secret)),
  );
}

async function listDeleted(asked: Asked): Promise<Answer> {
  const now = nowSeconds(asked);
  const secrets = (await secretsOf(asked)).filter(
    ({ deleted }) => deleted && deleted.purgeAt > now,
  );
  return pageOf(
    asked,
    secrets.map((secret) => deletedView(asked.baseUrl, secret)),
  );
}

async function listVersions(asked: Asked): Promise<Answer> {
  const secret = await requireSecret(asked.services.store.read, asked.vault, asked.name);
  return pageOf(
    asked,
    secret.versions.map((version) => itemView(asked.baseUrl, secret, version)),
  );
}

function pageOf({ call, baseUrl }: Asked, items: readonly unknown[]): Answer {
  const size = Math.min(Number(call.query.get("maxresults") ?? pageSize), pageSize);
  const from = Number(call.query.get("$skiptoken") ?? 0);
  if (!Number.isInteger(size) || size < 1 || !Number.isInteger(from) || from < 0) {
    throw vaultFail.BadParameter({ reason: "maxresults must be an integer from 1 to 25." });
  }
  const value = items.slice(from, from + size);
  const query = new URLSearchParams(call.query);
  query.set("$skiptoken", String(from + size));
  const path = call.path.replace(/^\/[^/]+/, "");
  const nextLink = from + size < items.length ? `${baseUrl}${path}?${query}` : null;
  return { status: 200, body: { value, nextLink } };
}

function record(writer: Writer, asked: Asked, action: string): Promise<void> {
  const { services, call, principal, vault, name } = asked;
  return appendActivity(writer, {
    random: services.random,
    now: services.clock.now(),
    action: `Microsoft.KeyVault/vaults/secrets/${action}`,
    resourceId: `${vault.id}/secrets/${name}`,
    httpStatus: 200,
    correlationId: call.correlationId,
    remoteAddress: call.remoteAddress,
    caller: clientName(principal),
    callerObjectId: principal.objectId,
  });
}
