// Where the studio will be. Until it is, its address says so to people instead of leaving them with a
// bare 404; there is no script on the page.

import type { Plane } from "./http/route.ts";
import { statusNumber } from "./http/status.ts";

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Callosum</title>
<h1>The studio is not there yet</h1>
<p>Everything else answers: <code>callosum --help</code> lists what the command line does, and any
official client works through <code>callosum exec</code>.</p>
</html>
`;

export function createStudioPlane(): Plane {
  return {
    name: "studio",
    audiences: [],
    renderError: ({ code, message, status }) => ({
      status: statusNumber(status),
      body: { error: { code, message } },
    }),
    headers: { "content-security-policy": "default-src 'none'" },
    routes: ["/", "/*"].map((path) => ({
      plane: "studio" as const,
      method: "GET" as const,
      path,
      source: "design.md §3: what is not there is said so",
      summary: "The studio, refused by name",
      access: "public" as const,
      handle: async () => ({
        status: 501,
        headers: { "content-type": "text/html; charset=utf-8" },
        body: page,
      }),
    })),
  };
}
