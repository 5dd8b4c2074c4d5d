// reference and list* of a running deployment. Evaluating stops at the first answer that is not there
// yet, gets it, and starts again: so only what is really needed is asked for, in dead branches nothing.

import { ExpressionError } from "@callosum/expression/template.ts";
import type { Caller } from "./caller.ts";
import { isObject, type Json, type JsonObject } from "./template/json.ts";
import type { PlannedResource } from "./template/resource.ts";
import type { ResourceIndex } from "./template/resource-index.ts";
import type { Runtime } from "./template/scope.ts";

interface Lookup {
  readonly method: "GET" | "POST";
  readonly id: string;
  readonly apiVersion: string;
  readonly body?: Json;
}

class Needed extends Error {
  readonly lookup: Lookup;
  readonly key: string;
  constructor(lookup: Lookup, key: string) {
    super("An answer is needed first.");
    this.name = "Needed";
    this.lookup = lookup;
    this.key = key;
  }
}

export interface Answers {
  /** Evaluates with answers fetched as they are needed. */
  settle<Result>(evaluate: (runtime: Runtime) => Result): Promise<Result>;
}

const roundsMax = 2_000;

/** `isFinished` tells whether a resource of the template has been deployed. */
export function openAnswers(options: {
  index: ResourceIndex;
  caller: Caller;
  isFinished(resource: PlannedResource): boolean;
}): Answers {
  const known = new Map<string, Json>();
  const ask = (lookup: Lookup): Json => {
    const key = JSON.stringify([
      lookup.method,
      lookup.id.toLowerCase(),
      lookup.apiVersion,
      lookup.body,
    ]);
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    throw new Needed(lookup, key);
  };
  const runtime = createRuntime({ ...options, ask });
  return {
    async settle(evaluate) {
      for (let round = 0; round < roundsMax; round += 1) {
        try {
          return evaluate(runtime);
        } catch (error) {
          if (!(error instanceof Needed)) throw error;
          const answer = await options.caller.send(error.lookup);
          known.set(error.key, (answer.body ?? {}) as Json);
        }
      }
      throw new ExpressionError("LimitExceeded", "The expression refers to too many resources.");
    },
  };
}

function createRuntime(options: {
  index: ResourceIndex;
  isFinished(resource: PlannedResource): boolean;
  ask(lookup: Lookup): Json;
}): Runtime {
  const { index, isFinished, ask } = options;
  const resolve = (name: string, text: Json | undefined) => {
    const found = typeof text === "string" ? index.referenced(text) : undefined;
    if (!found) {
      throw new ExpressionError(
        "ArgumentValue",
        `The resource '${String(text)}' of '${name}' is not defined in the template.`,
      );
    }
    const { resource } = found;
    if (resource?.condition && !resource.isExisting && !isFinished(resource)) {
      throw new ExpressionError(
        "ArgumentValue",
        `The resource '${resource.id}' is not deployed yet: 'dependsOn' must name it.`,
      );
    }
    return found;
  };
  const versionOf = (name: string, text: Json | undefined, resource?: PlannedResource): string => {
    if (typeof text === "string" && text !== "") return text;
    if (resource) return resource.apiVersion;
    throw new ExpressionError(
      "ArgumentCount",
      `The template function '${name}' needs an API version for a resource that is not in the template.`,
    );
  };
  const referenceOne = (text: Json | undefined, given: Json | undefined, isFull: boolean): Json => {
    const { id, resource } = resolve("reference", text);
    const apiVersion = versionOf("reference", given, resource);
    const answer = ask({ method: "GET", id, apiVersion });
    return isFull ? fullView(answer, { id, apiVersion, resource }) : propertiesOf(answer);
  };
  return {
    reference: ([text, version, full]) => referenceOne(text, version, wantsFull(full)),
    references([symbol, ...rest]) {
      const isFull = rest.some(wantsFull);
      const version = rest.find((item) => !wantsFull(item));
      const names = index.symbolic(String(symbol));
      return names.map(({ id }) => referenceOne(id, version, isFull));
    },
    list(name, [text, version, body]) {
      const { id, resource } = resolve(name, text);
      const apiVersion = versionOf(name, version, resource);
      const sent = body === undefined ? {} : { body };
      return ask({ method: "POST", id: `${id}/${name}`, apiVersion, ...sent });
    },
  };
}

function wantsFull(value: Json | undefined): boolean {
  return typeof value === "string" && value.toLowerCase() === "full";
}

function propertiesOf(answer: Json): Json {
  return isObject(answer) ? (answer.properties ?? {}) : answer;
}

const envelopeNames = ["location", "tags", "sku", "kind", "plan", "identity", "zones"] as const;

/** The object of reference(…, 'Full') (protocols.md 3). */
function fullView(
  answer: Json,
  {
    id,
    apiVersion,
    resource,
  }: { id: string; apiVersion: string; resource: PlannedResource | undefined },
): Json {
  const body = isObject(answer) ? answer : {};
  const place = /^\/subscriptions\/([^/]+)(?:\/resourceGroups\/([^/]+))?/i.exec(id);
  const kept = envelopeNames.filter((name) => body[name] !== undefined);
  const envelope: JsonObject = Object.fromEntries(kept.map((name) => [name, body[name] as Json]));
  return {
    apiVersion: resource?.apiVersion ?? apiVersion,
    ...envelope,
    properties: propertiesOf(answer),
    subscriptionId: place?.[1] ?? "",
    resourceGroupName: place?.[2] ?? "",
    scope: "",
    resourceId: id.split(/\/providers\//i).at(-1) ?? id,
    referenceApiVersion: apiVersion,
    condition: true,
    isConditionTrue: true,
    isTemplateResource: resource !== undefined && !resource.isExisting,
    isAction: false,
    provisioningOperation: resource !== undefined && !resource.isExisting ? "Create" : "Read",
  };
}
