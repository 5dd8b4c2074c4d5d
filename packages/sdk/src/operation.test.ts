// The shapes of long-running operations, each as a service answers it, over a scripted HTTP client.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createHttpHeaders, type HttpClient } from "@azure/core-rest-pipeline";
import { type Connection, connect } from "./connection.ts";
import { sendAndWait } from "./operation.ts";
import { RequestFailed } from "./request-failed.ts";

interface Scripted {
  /** `METHOD path` */
  readonly on: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Answers the script line by line and fails on any other request. */
function scripted(script: readonly Scripted[]): { connection: Connection; sent: string[] } {
  const sent: string[] = [];
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const url = new URL(request.url);
      const on = `${request.method} ${url.pathname}`;
      const line = script[sent.length];
      sent.push(on);
      assert.equal(on, line?.on);
      assert.match(request.headers.get("authorization") ?? "", /^Bearer /);
      return {
        request,
        status: line?.status ?? 500,
        headers: createHttpHeaders(line?.headers),
        bodyAsText: line?.body === undefined ? "" : JSON.stringify(line.body),
      };
    },
  };
  const credential = { getToken: async () => ({ token: "t", expiresOnTimestamp: 8.64e15 }) };
  return { connection: connect({ credential, httpClient, retryCountMax: 0 }), sent };
}

const arm = "https://management.azure.com";
const put = { service: "resourceManager", method: "PUT", path: "/x", body: {} } as const;
const resource = { name: "x", properties: { provisioningState: "Succeeded" } };

test("Azure-AsyncOperation: its status is asked until it ends, then the resource is read", async () => {
  const status = { "azure-asyncoperation": `${arm}/status/1` };
  const { connection, sent } = scripted([
    { on: "PUT /x", status: 201, headers: status, body: { name: "x" } },
    { on: "GET /status/1", status: 200, body: { status: "InProgress" } },
    { on: "GET /status/1", status: 200, body: { status: "Succeeded" } },
    { on: "GET /x", status: 200, body: resource },
  ]);
  assert.deepEqual(await sendAndWait(connection, put), resource);
  assert.equal(sent.length, 4);
});

test("Location: asked while it answers 202, and its last answer is the resource", async () => {
  const { connection } = scripted([
    { on: "PUT /x", status: 202, headers: { location: `${arm}/results/1` } },
    { on: "GET /results/1", status: 202 },
    { on: "GET /results/1", status: 200, body: resource },
  ]);
  assert.deepEqual(await sendAndWait(connection, put), resource);
});

test("a provisioningState alone: the resource is read until it ends", async () => {
  const creating = { name: "x", properties: { provisioningState: "Creating" } };
  const { connection } = scripted([
    { on: "PUT /x", status: 201, body: creating },
    { on: "GET /x", status: 200, body: creating },
    { on: "GET /x", status: 200, body: resource },
  ]);
  assert.deepEqual(await sendAndWait(connection, put), resource);
});

test("no operation: the answer is the resource", async () => {
  const { connection } = scripted([{ on: "PUT /x", status: 200, body: resource }]);
  assert.deepEqual(await sendAndWait(connection, put), resource);
});

const failed = { status: "Failed", error: { code: "BadLink", message: "No." } };
const failures: { name: string; script: Scripted[] }[] = [
  {
    name: "status 200 with a Failed body",
    script: [
      { on: "PUT /x", status: 202, headers: { location: `${arm}/results/1` } },
      { on: "GET /results/1", status: 200, body: failed },
    ],
  },
  {
    name: "an operation whose status is Failed",
    script: [
      { on: "PUT /x", status: 201, headers: { "azure-asyncoperation": `${arm}/status/1` } },
      { on: "GET /status/1", status: 200, body: failed },
    ],
  },
  {
    name: "an error status of the poll",
    script: [
      { on: "PUT /x", status: 202, headers: { location: `${arm}/results/1` } },
      { on: "GET /results/1", status: 400, body: { error: failed.error } },
    ],
  },
  {
    name: "an unwrapped error body",
    script: [{ on: "PUT /x", status: 400, body: failed.error }],
  },
];
for (const { name, script } of failures) {
  test(`${name} is a failure with the service's code`, async () => {
    const { connection } = scripted(script);
    const error = await sendAndWait(connection, put).catch((reason) => reason);
    assert.ok(error instanceof RequestFailed);
    assert.deepEqual([error.code, error.message], ["BadLink", "No."]);
  });
}

test("an operation that does not end in time, or is given up, says so", async () => {
  const started = {
    on: "PUT /x",
    status: 202,
    headers: { location: `${arm}/results/1` },
  };
  const running = { on: "GET /results/1", status: 202 };
  const slow = scripted([started, running]).connection;
  await assert.rejects(sendAndWait(slow, put, { timeoutMs: -1 }), /not ended/);
  const abort = new AbortController();
  const givenUp = scripted([started, running, running]).connection;
  const waiting = sendAndWait(givenUp, put, { signal: abort.signal });
  abort.abort();
  await assert.rejects(waiting, { name: "AbortError" });
});

test("a poll address of another host is refused before a token goes there", async () => {
  const { connection } = scripted([
    { on: "PUT /x", status: 202, headers: { location: "https://example.org/results/1" } },
  ]);
  await assert.rejects(sendAndWait(connection, put), /another host/);
});
