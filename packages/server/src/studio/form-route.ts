// The rules of resource types and connectors, for the browser's forms. Public: the same text is in
// every published copy of the repository.

import { createHash } from "node:crypto";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ConnectorForm, FormSource, ResourceForm } from "@callosum/contract/form.ts";
import type { Answer, Call, Route } from "../http/route.ts";

export interface Forms {
  readonly resources: FormSource<ResourceForm>;
  readonly connectors: FormSource<ConnectorForm>;
}

export function formRoutes({ resources, connectors }: Forms): Route[] {
  return [
    route("/definition", "Resource types, or with `type` the rules of one", (call) => {
      const type = call.query.get("type");
      return type === null ? { value: resources.list } : one(resources, type);
    }),
    route("/connector", "Linked-service types", () => ({ value: connectors.list })),
    route("/connector/:type", "The rules of a linked-service type", ({ params }) =>
      one(connectors, params.type ?? ""),
    ),
  ];
}

function one<Form extends { readonly type: string; readonly summary: string }>(
  source: FormSource<Form>,
  type: string,
): Form {
  const form = source.find(type);
  if (form) return form;
  throw fail.NotFound({ path: type.slice(0, 256) });
}

function route(path: string, summary: string, render: (call: Call) => object): Route {
  return {
    plane: "studio",
    method: ["GET", "HEAD"],
    path,
    source: "design.md §5: forms come from definitions",
    summary,
    access: "public",
    handle: async (call) => answerJson(call, render(call)),
  };
}

/** Forms change with the server's version only: asked for again, but seldom sent again. */
function answerJson({ headers }: Call, value: object): Answer {
  const body = JSON.stringify(value);
  const etag = `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  const common = { "cache-control": "no-cache", etag };
  if (headers["if-none-match"] === etag) return { status: 304, headers: common };
  return {
    status: 200,
    headers: { ...common, "content-type": "application/json; charset=utf-8" },
    body,
  };
}
