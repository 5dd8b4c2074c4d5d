// The token service: authorize, token, device code, metadata, keys. Graph is graph/plane.ts; the
// managed-identity endpoint on our own origin is managed-identity.ts.

import type { IncomingHttpHeaders } from "node:http";
import type { Plane } from "../http/route.ts";
import { renderTokenError } from "./error-response.ts";
import { metadataRoutes } from "./metadata.ts";
import type { IdentityServices } from "./services.ts";
import { tokenRoutes } from "./token/endpoint.ts";

export function createLoginPlane(services: IdentityServices): Plane {
  return {
    name: "login",
    audiences: ["https://management.azure.com", "https://management.core.windows.net"],
    renderError: (error, { requestId, headers, origin }) =>
      renderTokenError(error, {
        now: services.clock.now(),
        traceId: requestId,
        correlationId: clientRequestId(headers) ?? requestId,
        loginBase: origin.base("login"),
      }),
    routes: [...metadataRoutes(services), ...tokenRoutes(services)],
  };
}

function clientRequestId(headers: IncomingHttpHeaders): string | undefined {
  const sent = headers["client-request-id"];
  return typeof sent === "string" && /^[0-9a-f-]{36}$/i.test(sent) ? sent : undefined;
}
