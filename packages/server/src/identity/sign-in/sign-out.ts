// Signing out at the token service, and the page that native clients end at.

import type { Call, Route } from "../../http/route.ts";
import { showErrors } from "./error-page.ts";
import { html, redirect, renderPage } from "./page.ts";
import type { SignInServices } from "./services.ts";
import { endSession } from "./session.ts";

export function signOutRoutes(services: SignInServices): Route[] {
  return [
    ...["/:tenant/oauth2/v2.0/logout", "/:tenant/oauth2/logout"].map(
      (path): Route => ({
        plane: "login",
        method: "GET",
        path,
        source: "OpenID Connect RP-Initiated Logout",
        summary: "Ends the sign-in session",
        access: "public",
        handle: (call) => showErrors(services, call, () => signOut(services, call)),
      }),
    ),
    {
      plane: "login",
      method: "GET",
      path: "/:tenant/oauth2/nativeclient",
      source: "Entra's default redirect address of native clients",
      summary: "Where native clients pick their code up",
      access: "public",
      handle: async () =>
        renderPage({
          title: "Back to the application",
          content: html`<p>The application takes it from here. You can close this window.</p>`,
        }),
    },
  ];
}

async function signOut(services: SignInServices, call: Call) {
  const cookie = await endSession(services, call.headers);
  const wanted = call.query.get("post_logout_redirect_uri");
  const address = URL.parse(wanted ?? "");
  if (address && isOurs(address, call.origin.own)) return redirect(address.href, cookie);
  return renderPage({
    title: "You signed out",
    cookie,
    content: html`<p>It's a good idea to close all browser windows.</p>`,
  });
}

/** Our own pages and loopback only: anything else would make this an open redirect. */
function isOurs(url: URL, own: string): boolean {
  if (url.username !== "" || url.password !== "") return false;
  return url.origin === own || (url.protocol === "http:" && url.hostname === "localhost");
}
