// Single requests to the instance without the SDK: before there is a token, and where only Azure's
// host name will do (Key Vault has no path form).

import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import type { Contract } from "@callosum/server/main.ts";
import { CommandError } from "./command.ts";

const timeoutMs = 10_000;
const agents = new Map<string, Agent>();

export interface OwnAnswer {
  readonly status: number;
  /** Parsed JSON; undefined when empty. */
  readonly body: unknown;
  header(name: string): string | undefined;
}

export interface OwnRequest {
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Azure's name for the host, where the answer depends on it. */
  readonly hostName?: string;
}

/** The JSON body of a 200; anything else throws. */
export async function getJson(contract: Contract, url: string): Promise<unknown> {
  const { status, body } = await sendOwn(contract, { url });
  if (status === 200) return body;
  throw new CommandError({ code: "UnexpectedAnswer", message: `${url} answered ${status}.` });
}

export function postForm(
  contract: Contract,
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<OwnAnswer> {
  return sendOwn(contract, {
    method: "POST",
    url,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
  });
}

/** One request to the instance, trusting its own authority only. */
export function sendOwn({ caFile }: Contract, own: OwnRequest): Promise<OwnAnswer> {
  const { method = "GET", url, headers = {}, body, hostName } = own;
  const agent = agents.get(caFile) ?? new Agent({ ca: readFileSync(caFile), keepAlive: true });
  agents.set(caFile, agent);
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method,
        agent,
        timeout: timeoutMs,
        headers: {
          ...headers,
          ...(hostName === undefined ? {} : { host: hostName }),
          ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
        },
        ...(hostName === undefined ? {} : { servername: hostName }),
      },
      (response) => readAnswer(response).then(resolve, reject),
    );
    sent.once("timeout", () => sent.destroy(new Error(`${url} did not answer in time.`)));
    sent.once("error", reject);
    sent.end(body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<OwnAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const isJson = String(response.headers["content-type"]).includes("json");
  const status = response.statusCode ?? 0;
  return {
    status,
    body: text === "" ? undefined : isJson ? JSON.parse(text) : text,
    header: (name) => response.headers[name]?.toString(),
  };
}
