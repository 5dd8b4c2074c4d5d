// The wire of deployments: bodies are read as text, so that a fault in a template can be answered with
// the line and column where it stands.

import { ServiceError } from "@callosum/contract/error.ts";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer, Call } from "../http/route.ts";
import { statusNumber } from "../http/status.ts";
import { locate, type Position, pathSteps } from "./json-position.ts";
import { readRelaxed } from "./relaxed-json.ts";
import { readInput } from "./request.ts";
import type { Requested } from "./state.ts";
import type { TargetScope } from "./template/resource-function.ts";

export interface SentText {
  readonly text: string;
  readonly body: unknown;
}

export function readText(call: Call): SentText {
  const bytes = call.body as Uint8Array | undefined;
  if (bytes === undefined || bytes.length === 0) {
    throw fail.InvalidRequestContent({ reason: "The body must be a JSON object." });
  }
  try {
    const { text, value } = readRelaxed(new TextDecoder("utf8").decode(bytes));
    return { text, body: value };
  } catch (error) {
    throw fail.InvalidRequestContent({ reason: (error as Error).message });
  }
}

export async function readRequest(
  call: Call,
  about: { target: TargetScope; name: string; sent: SentText },
): Promise<Requested> {
  const { target, name, sent } = about;
  const input = readInput(sent.body);
  const { properties } = sent.body as { properties?: { skipUnsupported?: unknown } };
  return {
    target,
    name,
    input,
    principal: await call.principal(),
    origin: call.origin,
    correlationId: call.correlationId,
    remoteAddress: call.remoteAddress,
    depth: 0,
    // Ours: the resource manager of Azure ignores it.
    skipsUnsupported: properties?.skipUnsupported === true,
  };
}

/** Runs; an InvalidTemplate is answered with its place (`additionalInfo` of type TemplateViolation). */
export async function withPlaces(sent: SentText, run: () => Promise<Answer>): Promise<Answer> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== "InvalidTemplate") throw error;
    const { code, message, status, facts } = error;
    const path = typeof facts.path === "string" ? facts.path : "";
    const { uri } = facts;
    const found =
      uri === undefined
        ? locate(sent.text, ["properties", "template", ...pathSteps(path)])
        : (facts.position as Position | undefined);
    const position = found ?? { lineNumber: 0, linePosition: 0 };
    const info = { ...position, path, ...(uri === undefined ? {} : { uri }) };
    const additionalInfo = [{ type: "TemplateViolation", info }];
    return { status: statusNumber(status), body: { error: { code, message, additionalInfo } } };
  }
}
