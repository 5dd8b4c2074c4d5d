// The studio: the built web app at /studio/, and the rules that its forms are drawn from. Everything
// else that the app shows, it gets from the planes that everyone uses, with its user's own token.

import type { Answer, Call, Plane, Route } from "../http/route.ts";
import { statusNumber } from "../http/status.ts";
import { type Forms, formRoutes } from "./form-route.ts";
import { planeHeaders } from "./policy.ts";
import { createSite, type Site, type SiteFiles } from "./site.ts";

export interface StudioServices extends Forms {
  /**
   * The built app, the same object until somebody builds again. Undefined where this installation
   * has none; rejects when it does not build, and has said why.
   */
  readonly load: () => Promise<{ readonly files: SiteFiles } | undefined>;
  readonly token: (bits: number) => string;
}

const buildCommand = "npm run build -w packages/studio";

export function createStudioPlane(services: StudioServices): Plane {
  const handle = createHandler(services);
  return {
    name: "studio",
    audiences: [],
    renderError: ({ code, message, status }) => ({
      status: statusNumber(status),
      body: { error: { code, message } },
    }),
    headers: planeHeaders,
    routes: [
      ...formRoutes(services),
      ...["/", "/*"].map(
        (path): Route => ({
          plane: "studio",
          method: ["GET", "HEAD"],
          path,
          source: "design.md §1",
          summary: "The web app",
          access: "public",
          handle,
        }),
      ),
    ],
  };
}

function createHandler({ load, token }: StudioServices): (call: Call) => Promise<Answer> {
  let built: { files: SiteFiles } | undefined;
  let sites: readonly Site[] = [];
  return async (call) => {
    try {
      const loaded = await load();
      if (!loaded) return absent;
      // A page that was open while the app was built again still asks for the files of its own.
      if (loaded !== built) sites = [createSite(loaded.files, token), ...sites.slice(0, 1)];
      built = loaded;
    } catch {
      return broken;
    }
    for (const site of sites) {
      const answer = await site(call);
      if (answer) return answer;
    }
    return notFound;
  };
}

const notFound: Answer = {
  status: 404,
  headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  body: "There is no such file.\n",
};

const absent = message(501, {
  title: "The studio is not part of this installation",
  text: "Everything else answers: 'callosum --help' lists what the command line does, and any official client works through 'callosum exec'.",
});

const broken = message(500, {
  title: "The studio could not be built",
  text: `Its sources do not build. To see why, run '${buildCommand}' in the repository, then load this page again.`,
});

function message(status: number, { title, text }: { title: string; text: string }): Answer {
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
    body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>${title} - Callosum</title>
<h1>${title}</h1>
<p>${text}</p>
</html>
`,
  };
}
