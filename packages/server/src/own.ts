// What our own origin serves beside the planes' path forms: the front page and the managed-identity
// endpoint.

import type { Plane, Route } from "./http/route.ts";
import { statusNumber } from "./http/status.ts";

export function createOwnPlane(routes: readonly Route[]): Plane {
  return {
    name: "own",
    audiences: [],
    renderError: ({ code, message, status }) => ({
      status: statusNumber(status),
      body: { error: { code, message } },
    }),
    routes: [...routes, frontPage],
  };
}

const frontPage: Route = {
  plane: "own",
  method: "GET",
  path: "/",
  source: "design.md §1",
  summary: "Leads people to the studio",
  access: "public",
  handle: async () => ({ status: 302, headers: { location: "/studio/" } }),
};
