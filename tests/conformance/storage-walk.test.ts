// Every operation of the storage endpoints as every kind of caller: who is nobody gets 401, who may not
// gets 403 before anything is looked up, who may gets past that.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { accountSasText, type SasFields, serviceSasText } from "@callosum/contract/storage-sas.ts";
import { roleGrants } from "@callosum/server/authz/role.ts";
import { azureRoles } from "@callosum/server/authz/roles/azure/index.gen.ts";
import { isDataAction, type Need } from "@callosum/server/storage/authorize/need.ts";
import type { Operation } from "@callosum/server/storage/operation.ts";
import { operations } from "@callosum/server/storage/plane.ts";
import {
  createLake,
  dataRoleIds,
  type TestLake,
} from "../../packages/server/src/storage/testing/lake.ts";
import { audiences, type Caller, startServer, type TestServer } from "../fixture/server.ts";
import { createCaller } from "../registry/principal.ts";

let server: TestServer;
let lake: TestLake;

before(async () => {
  server = await startServer();
  lake = await createLake(server, "walklake");
});
after(() => server.close());

const version = { "x-ms-version": "2025-01-05", "content-length": "0" };

/** A request that names the operation. Where it points at, nothing is. */
function requestOf(operation: Operation, extra: Record<string, string> = {}) {
  const place = { account: "", container: "/nothing", path: "/nothing/here" }[operation.level];
  const query = new URLSearchParams(extra);
  for (const [name, value] of Object.entries(operation.query ?? {})) {
    if (value !== null) query.set(name, value);
  }
  if (operation.name === "Path - List") query.set("recursive", "true");
  const [method] = [operation.method].flat();
  return {
    method: method as string,
    path: `/storage/${lake.name}/${operation.service}${place}?${query}`,
    headers: {
      ...version,
      ...(operation.header === undefined ? {} : { [operation.header]: "/nothing/there" }),
    },
  };
}

function needOf({ needs }: Operation): Need | undefined {
  if (needs === "none") return undefined;
  return typeof needs === "function" ? needs({ call: { headers: {} } } as never) : needs;
}

async function send(
  operation: Operation,
  options: { caller?: Caller; query?: Record<string, string>; authorization?: string },
) {
  const { method, path, headers } = requestOf(operation, options.query);
  const reply = await (options.caller ?? server.nobody).send(method, path, undefined, {
    audience: audiences.storage,
    headers: {
      ...headers,
      ...(options.authorization === undefined
        ? {}
        : { authorization: options.authorization, "x-ms-date": new Date().toUTCString() }),
    },
  });
  return `${reply.status} ${reply.headers["x-ms-error-code"] ?? ""}`;
}

function sign(text: string, key = lake.key): string {
  return createHmac("sha256", Buffer.from(key, "base64")).update(text).digest("base64");
}

function accountSas(fields: Record<string, string>, key?: string): Record<string, string> {
  const all = { sv: "2022-11-02", ss: "b", srt: "sco", se: "2099-01-01T00:00:00Z", ...fields };
  return {
    ...all,
    sig: sign(accountSasText({ accountName: lake.name, fields: all as SasFields }), key),
  };
}

const letters = "racwdxltmeopf";

describe("every operation of the storage endpoints", () => {
  it("has a name of its own", () => {
    const names = operations.map(({ name, level }) => `${name} ${level}`);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length > 60);
  });

  it("answers 401 to nobody", async () => {
    for (const operation of operations)
      assert.equal(await send(operation, {}), "401 NoAuthenticationInformation", operation.name);
  });

  it("answers 403 to a token without a role, and by its role to one with", async () => {
    const none = await createCaller(server);
    const callers: [string | undefined, Caller][] = [[undefined, none]];
    for (const roleId of Object.values(dataRoleIds))
      callers.push([roleId, await createCaller(server, { roleId, scope: lake.id })]);
    for (const [roleId, caller] of callers) {
      const role = azureRoles.find(({ id }) => id === roleId);
      for (const operation of operations) {
        const need = needOf(operation);
        if (!need) continue;
        const wanted = [need.action, ...(need.whenNew ? [need.whenNew.action] : [])];
        const may = wanted.some(
          (action) => role && roleGrants(role, { action, data: isDataAction(action) }),
        );
        const answer = await send(operation, { caller });
        const where = `${operation.name} as ${role?.name ?? "no role"}: ${answer}`;
        if (may) assert.doesNotMatch(answer, /^40[13]/, where);
        else assert.equal(answer, "403 AuthorizationPermissionMismatch", where);
      }
    }
  });

  it("answers 403 to a wrong key and to signatures that are expired, forged or too narrow", async () => {
    for (const operation of operations) {
      const need = needOf(operation);
      if (!need) continue;
      const wrongKey = `SharedKey ${lake.name}:${Buffer.alloc(32).toString("base64")}`;
      const without = [...letters].filter(
        (letter) => !`${need.sas}${need.whenNew?.sas ?? ""}`.includes(letter),
      );
      const rows: [Promise<string>, string][] = [
        [send(operation, { authorization: wrongKey }), "403 AuthenticationFailed"],
        [
          send(operation, { query: accountSas({ sp: letters, se: "2020-01-01T00:00:00Z" }) }),
          "403 AuthenticationFailed",
        ],
        [
          send(operation, {
            query: accountSas({ sp: letters }, Buffer.alloc(64).toString("base64")),
          }),
          "403 AuthenticationFailed",
        ],
        [
          send(operation, { query: { ...accountSas({ sp: "r" }), sp: letters } }),
          "403 AuthenticationFailed",
        ],
        [
          send(operation, { query: accountSas({ sp: letters, ss: "q" }) }),
          "403 AuthorizationServiceMismatch",
        ],
        [
          send(operation, { query: accountSas({ sp: letters, sip: "10.0.0.1" }) }),
          "403 AuthorizationSourceIPMismatch",
        ],
      ];
      if (without.length > 0) {
        const query = accountSas({ sp: without.join("") });
        rows.push([send(operation, { query }), "403 AuthorizationPermissionMismatch"]);
      }
      const type = { account: "co", container: "so", path: "sc" }[operation.level];
      rows.push([
        send(operation, { query: accountSas({ sp: letters, srt: type }) }),
        "403 AuthorizationResourceTypeMismatch",
      ]);
      for (const [answer, expected] of rows) assert.equal(await answer, expected, operation.name);
    }
  });

  it("lets an account signature with the letter through", async () => {
    for (const operation of operations) {
      const need = needOf(operation);
      if (!need || need.sas === "" || operation.name === "Path - Rename") continue;
      const answer = await send(operation, { query: accountSas({ sp: need.sas }) });
      assert.doesNotMatch(answer, /^40[13]/, `${operation.name}: ${answer}`);
    }
  });

  it("keeps a container's signature within its container and off the container itself", async () => {
    const fields = { sv: "2022-11-02", sr: "c", sp: letters, se: "2099-01-01T00:00:00Z" };
    const text = serviceSasText({ canonicalName: `/blob/${lake.name}/other`, fields });
    const elsewhere = { ...fields, sig: sign(text) };
    const own = serviceSasText({ canonicalName: `/blob/${lake.name}/nothing`, fields });
    const here = { ...fields, sig: sign(own) };
    for (const operation of operations) {
      if (operation.level === "account" || !needOf(operation)) continue;
      assert.equal(await send(operation, { query: elsewhere }), "403 AuthenticationFailed");
      if (needOf(operation)?.accountSasOnly)
        assert.equal(await send(operation, { query: here }), "403 AuthorizationPermissionMismatch");
    }
  });
});
