// A link that signs a person's browser in once: `callosum up --open` makes it for the Owner user and
// opens it, so that nobody types the first password.

import type { Route } from "../../http/route.ts";
import type { DirectoryServices } from "../directory-services.ts";
import { aadsts } from "../error-catalogue.ts";
import { readTenant } from "../tenant.ts";
import { ticketId, ticketKind } from "../ticket.ts";
import { currentUser } from "../token/user.ts";
import { showErrors } from "./error-page.ts";
import { redirect } from "./page.ts";
import type { SignInServices } from "./services.ts";
import { openSession } from "./session.ts";

const lifetimeMs = 60_000;

/** Makes a link for a user; it works once, within 60 seconds, and leads to the studio. */
export async function createSignInLink(
  services: Pick<DirectoryServices, "store" | "clock" | "random" | "tenantId">,
  { origin, objectId }: { origin: string; objectId: string },
): Promise<string> {
  const { store, clock, random, tenantId } = services;
  const secret = random.token(256);
  await store.transaction((writer) =>
    writer.putTicket({
      kind: ticketKind.signInLink,
      id: ticketId(secret),
      expiresMs: clock.now().getTime() + lifetimeMs,
      body: { objectId },
    }),
  );
  return `${origin}/${tenantId}/callosum/link?code=${secret}`;
}

export function signInLinkRoutes(services: SignInServices): Route[] {
  return [
    {
      plane: "login",
      method: "GET",
      path: "/:tenant/callosum/link",
      source: "design.md §1: up --open",
      summary: "Signs a browser in by a single-use link",
      access: "public",
      handle: (call) =>
        showErrors(services, call, async () => {
          readTenant(services, call.params.tenant ?? "");
          const id = ticketId(call.query.get("code") ?? "");
          const ticket = await services.store.transaction((writer) =>
            writer.takeTicket<{ objectId: string }>(ticketKind.signInLink, id),
          );
          if (!ticket) throw aadsts.AADSTS70008({});
          const user = await currentUser(services, ticket.body);
          const { cookie } = await openSession(services, user);
          return redirect(`${call.origin.base("studio")}/`, cookie);
        }),
    },
  ];
}
