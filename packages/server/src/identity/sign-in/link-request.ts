// Where `callosum open` asks a running instance for a sign-in link (link.ts). Only who can read the
// instance's key can: a header that names the user is sealed with it (identity-header.ts).

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Route } from "../../http/route.ts";
import { verifyIdentityHeader } from "../identity-header.ts";
import { isLoopback } from "../loopback.ts";
import type { IdentityServices } from "../services.ts";
import { currentUser } from "../token/user.ts";
import { createSignInLink } from "./link.ts";

/** `key` is the instance's. */
export function signInLinkRequestRoutes(services: IdentityServices, key: Uint8Array): Route[] {
  return [
    {
      plane: "own",
      method: "POST",
      path: "/sign-in-link",
      source: "design.md §1: the studio is opened by a single-use link",
      summary: "A link that signs a browser in once, for who holds the instance's key",
      access: "public",
      async handle({ headers, remoteAddress, origin }) {
        const header = headers["x-identity-header"];
        const grant =
          isLoopback(remoteAddress) && typeof header === "string"
            ? verifyIdentityHeader({ key, header, now: services.clock.now() })
            : undefined;
        if (grant?.principalId === undefined) throw fail.AuthenticationFailed({});
        const { id } = await currentUser(services, { objectId: grant.principalId });
        const url = await createSignInLink(services, { origin: origin.own, objectId: id });
        return { status: 200, headers: { "cache-control": "no-store" }, body: { url } };
      },
    },
  ];
}
