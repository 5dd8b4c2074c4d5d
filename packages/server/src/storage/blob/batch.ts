// Blob Batch: many deletions, or tiers, in one request; each part stands for itself.

import { Readable } from "node:stream";
import { ServiceError } from "@callosum/contract/error.ts";
import type { Answer, Call, Method } from "../../http/route.ts";
import { createStorageDialect } from "../dialect.ts";
import { refuse } from "../error-catalogue.ts";
import type { LakeHost } from "../lake/host.ts";
import { type LakeRequest, type Operation, restSource as source } from "../operation.ts";
import { readSmall } from "../request.ts";
import { lowerCaseNames } from "../wire/query.ts";

const partCountMax = 256;
const bodyBytesMax = 4 * 1024 * 1024;

/** The plane's own way of answering one request. */
export type AnswerCall = (host: LakeHost, call: Call, version: string) => Promise<Answer>;

/** Parts are authorized one by one, so the batch itself only needs a caller. */
export function batchOperations(answer: AnswerCall): readonly Operation[] {
  return (["account", "container"] as const).map(
    (level): Operation => ({
      name: `Blob Batch (${level})`,
      service: "blob",
      level,
      method: "POST",
      query: level === "account" ? { comp: "batch" } : { restype: "container", comp: "batch" },
      source,
      needs: "none",
      run: (request) => runBatch(request, answer),
    }),
  );
}

async function runBatch(request: LakeRequest, answer: AnswerCall): Promise<Answer> {
  const { call, host } = request;
  const type = String(call.headers["content-type"] ?? "");
  const boundary = /^multipart\/mixed;.*boundary="?([^";]{1,128})"?/i.exec(type)?.[1];
  if (!boundary) throw refuse.InvalidHeaderValue({ name: "content-type", value: type });
  const text = (await readSmall(call.stream, bodyBytesMax)).toString("utf8");
  const parts = text
    .split(`--${boundary}`)
    .slice(1)
    .filter((part) => !part.startsWith("--"));
  if (parts.length === 0 || parts.length > partCountMax)
    throw refuse.InvalidInput({ why: `A batch has 1 to ${partCountMax} parts.` });
  const render = createStorageDialect({ clock: host.clock, tenantId: host.tenantId });
  const ownBoundary = `batchresponse_${host.random.guid()}`;
  const version = String(call.headers["x-ms-version"] ?? "");
  const answers: string[] = [];
  for (const part of parts) {
    const { contentId, part: partCall } = readPart(call, part);
    const result = await answer(host, partCall, version).catch((error: unknown) => {
      if (error instanceof ServiceError) return render(error, partCall);
      throw error;
    });
    answers.push(partText({ boundary: ownBoundary, contentId, result, requestId: call.requestId }));
  }
  return {
    status: 202,
    headers: { "content-type": `multipart/mixed; boundary=${ownBoundary}` },
    body: `${answers.join("")}--${ownBoundary}--\r\n`,
  };
}

/** A part as a request of its own: what is not said in it is the batch's. */
function readPart(call: Call, part: string): { contentId: string | undefined; part: Call } {
  const [envelope = "", head = ""] = part.replace(/^\r?\n/, "").split(/\r?\n\r?\n/);
  const contentId = /^content-id:\s*(\S+)/im.exec(envelope)?.[1];
  const [line = "", ...lines] = head.split(/\r?\n/);
  const match = /^(DELETE|PUT) (\S+) HTTP\/1\.1$/.exec(line.trim());
  if (!match) throw refuse.InvalidInput({ why: "A part of a batch is a DELETE or a PUT." });
  const headers: Record<string, string> = {};
  for (const item of lines) {
    const at = item.indexOf(":");
    if (at > 0) headers[item.slice(0, at).trim().toLowerCase()] = item.slice(at + 1).trim();
  }
  const url = new URL(match[2] ?? "/", "https://localhost");
  const { account = "", service = "" } = call.params;
  const path =
    call.origin.form === "path"
      ? url.pathname.replace(/^\/storage/i, "")
      : `/${account}/${service}${url.pathname}`;
  const query = lowerCaseNames(url.searchParams);
  const method = match[1] as Method;
  const isTier = method === "PUT" && query.get("comp") === "tier";
  if (method === "PUT" && !isTier)
    throw refuse.InvalidInput({ why: "A batch deletes blobs or sets their tiers." });
  const { authorization } = headers;
  const isSameToken = authorization === call.headers.authorization;
  return {
    contentId,
    part: {
      ...call,
      signal: call.signal,
      method,
      path,
      query,
      headers,
      stream: Readable.from([]),
      params: { account: path.split("/")[1] ?? "", service: path.split("/")[2] ?? "" },
      principal: () => {
        if (isSameToken) return call.principal();
        throw refuse.AuthenticationFailed({ why: "A part has another token than its batch." });
      },
    },
  };
}

function partText(options: {
  boundary: string;
  contentId: string | undefined;
  result: Answer;
  requestId: string;
}): string {
  const { boundary, contentId, result, requestId } = options;
  const reason = result.status < 300 ? "Accepted" : "Failed";
  const body = typeof result.body === "string" ? result.body : "";
  const headers = Object.entries({
    "x-ms-request-id": requestId,
    ...result.headers,
    ...(body === "" ? {} : { "content-length": String(Buffer.byteLength(body)) }),
  });
  return [
    `--${boundary}`,
    "Content-Type: application/http",
    ...(contentId === undefined ? [] : [`Content-ID: ${contentId}`]),
    "",
    `HTTP/1.1 ${result.status} ${reason}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    "",
    body,
    "",
  ].join("\r\n");
}
