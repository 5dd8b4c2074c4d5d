// `callosum open`: the studio of the running instance, signed in by a link that works once. Whoever
// can read the instance's key may have one (identity/sign-in/link-request.ts).

import { CommandError, defineCommand } from "../command.ts";
import { requireInstance } from "../instance.ts";

const lifetimeMs = 60_000;

export const open = defineCommand({
  name: "open",
  summary: "Open the studio in a browser, signed in as the Owner user",
  description:
    "Makes a link that signs in once, within a minute. Without a desktop, or with --json, the link is printed instead of opened.",
  arguments: [],
  options: {},
  examples: [
    { command: "callosum open", summary: "Open the studio" },
    { command: "callosum open --json", summary: "Print the link, for another browser" },
  ],
  async run({ dataDirectory, environment, isJson }) {
    const contract = await requireInstance(dataDirectory);
    const { instanceKey } = await import("../actor.ts");
    const { sendOwn } = await import("../own-request.ts");
    const { canOpenBrowser, openInBrowser } = await import("../open-browser.ts");
    const { mintIdentityHeader } = await import("@callosum/server/identity/identity-header.ts");
    const header = mintIdentityHeader({
      key: instanceKey(contract, environment),
      grant: {
        principalId: contract.user.objectId,
        userAssigned: [],
        expiresMs: Date.now() + lifetimeMs,
      },
    });
    const { status, body } = await sendOwn(contract, {
      method: "POST",
      url: `${contract.origin}/sign-in-link`,
      headers: { "x-identity-header": header },
    });
    const { url } = (body ?? {}) as { url?: string };
    if (status !== 200 || url === undefined) {
      throw new CommandError({
        code: "NoSignInLink",
        message: `The instance answered ${status} instead of a link.`,
        hint: "Is it another version's, or was it started with another CALLOSUM_KEY?",
      });
    }
    const opens = !isJson && canOpenBrowser(environment);
    if (opens) openInBrowser(url, environment);
    const text = opens
      ? [`Opening ${contract.endpoints.studio}`]
      : [`Open within a minute, it works once: ${url}`];
    return { json: { url }, text };
  },
});
