// An operation of an endpoint is one value: how a request names it, what right it needs, what it does.
// The plane finds the operation; tests walk the list as every kind of caller.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer, Call, Method } from "../http/route.ts";
import type { AclQuestion } from "./authorize/acl-question.ts";
import type { Caller } from "./authorize/caller.ts";
import { actions, type Need } from "./authorize/need.ts";
import type { Account, Service } from "./lake/container.ts";
import type { LakeHost } from "./lake/host.ts";

/** What a request asks for and who asks. */
export interface LakeRequest {
  readonly host: LakeHost;
  readonly call: Call;
  readonly service: Service;
  readonly account: Account;
  /** "" at the account. */
  readonly container: string;
  /** The blob's or path's exact name; "" at the container. */
  readonly path: string;
  readonly caller: Caller;
}

export interface Operation {
  /** As the service's documentation calls it. */
  readonly name: string;
  readonly service: Service;
  readonly level: "account" | "container" | "path";
  readonly method: Method | readonly Method[];
  /** Query parameters that name the operation; `null` = absent. Values in lower case. */
  readonly query?: Readonly<Record<string, string | null>>;
  /** A header that must be there. */
  readonly header?: string;
  readonly source: string;
  /** `none`: any caller may ask; what follows from it is asked for again. */
  readonly needs: Need | "none" | ((request: LakeRequest) => Need);
  /** In a hierarchical namespace: what lists must allow where roles don't. */
  readonly acl?: (request: LakeRequest) => readonly AclQuestion[];
  run(request: LakeRequest): Promise<Answer>;
}

export const restSource = "learn.microsoft.com: Blob service and Data Lake Storage REST API";

/** A documented operation that is not run: refused by name once the caller is known. */
export function refuseOperation(
  shape: Pick<Operation, "name" | "service" | "level" | "method" | "query" | "header"> & {
    readonly reason: string;
  },
): Operation {
  return {
    ...shape,
    source: restSource,
    needs: { action: actions.read, sas: "racwdxltmeopif" },
    run: () => {
      throw fail.NotSupportedHere({ what: `The operation ${shape.name}`, reason: shape.reason });
    },
  };
}

/** The operation that a request names: of those that fit, the one that says most. */
export function findOperation(
  operations: readonly Operation[],
  request: { service: Service; level: Operation["level"]; call: Call; method: Method },
): Operation | undefined {
  const { service, level, call, method } = request;
  const fitting = operations.filter(
    (operation) =>
      operation.service === service &&
      operation.level === level &&
      methodsOf(operation).includes(method) &&
      fits(operation, call),
  );
  return fitting.sort((a, b) => weight(b) - weight(a))[0];
}

export function methodsOf({ method }: Operation): readonly Method[] {
  return typeof method === "string" ? [method] : method;
}

function fits(operation: Operation, call: Call): boolean {
  if (operation.header !== undefined && call.headers[operation.header] === undefined) return false;
  const { query = {} } = operation;
  // `comp` chooses among operations, so one that does not name it is not meant by it.
  const wanted = { comp: null, ...query };
  return Object.entries(wanted).every(([name, value]) => {
    const given = call.query.get(name);
    return value === null
      ? given === null
      : value === "*"
        ? given !== null
        : given?.toLowerCase() === value;
  });
}

function weight({ query = {}, header }: Operation): number {
  return Object.keys(query).length + (header === undefined ? 0 : 1);
}
