// Where the services of a region are: the answer that SDK v1 asks for first (protocols.md 1.4).

import type { Route } from "../http/route.ts";

export const discoveryRoute: Route = {
  plane: "ml",
  method: "GET",
  path: "/:region/discovery",
  source: "protocols.md 1.4",
  summary: "The region's services",
  access: "public",
  async handle({ params, origin }) {
    const api = origin.base("ml", params.region?.toLowerCase());
    return {
      status: 200,
      body: {
        api,
        experimentation: api,
        history: api,
        hyperdrive: api,
        modelmanagement: api,
        studio: origin.base("studio"),
        unauthenticated: api,
      },
    };
  },
};
