// What the conformance tests of management clients share: trust in the instance's authority, and a
// credential that gives the fixture's tokens, so that only the client under test is tested.

import { readFileSync } from "node:fs";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { Caller, TestServer } from "../fixture/server.ts";

/** Lets clients in this process trust the instance. */
export function trust(server: TestServer): void {
  const authority = readFileSync(server.contract.caFile, "utf8");
  setDefaultCACertificates([...getCACertificates("default"), authority]);
}

/** A TokenCredential of @azure/core-auth for any scope. */
export function credentialOf(caller: Caller) {
  const lifetimeMs = 3_600_000;
  return {
    async getToken(scopes: string | string[]) {
      const [scope = ""] = [scopes].flat();
      const token = await caller.token(scope.replace(/\/\.default$/, ""));
      return { token, expiresOnTimestamp: Date.now() + lifetimeMs };
    },
  };
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Whether `answer` has every key of `recorded` with a value of the same type; names what is not. */
export function differences(recorded: unknown, answer: unknown, path = "body"): string[] {
  if (Array.isArray(recorded)) return Array.isArray(answer) ? [] : [`${path}: not a list`];
  if (typeof recorded !== "object" || recorded === null) {
    return typeof answer === typeof recorded ? [] : [`${path}: ${typeof answer}`];
  }
  return Object.entries(recorded).flatMap(([key, value]) =>
    differences(value, (answer as Record<string, unknown> | undefined)?.[key], `${path}.${key}`),
  );
}
