// The token service: authorize, token, device code, metadata, keys. Graph is graph/plane.ts; the
// managed-identity endpoint on our own origin is managed-identity.ts.

import type { Plane } from "../http/route.ts";
import { clientRequestId, renderTokenError } from "./error-response.ts";
import { keyRotationRoutes } from "./key-rotation.ts";
import { metadataRoutes } from "./metadata.ts";
import type { IdentityServices } from "./services.ts";
import { authorizeRoutes } from "./sign-in/authorize.ts";
import { devicePageRoutes } from "./sign-in/device.ts";
import { deviceCodeRoutes } from "./sign-in/device-code.ts";
import { signInLinkRoutes } from "./sign-in/link.ts";
import { createPasswordCheck } from "./sign-in/password-check.ts";
import type { SignInServices } from "./sign-in/services.ts";
import { signOutRoutes } from "./sign-in/sign-out.ts";
import { createThrottle } from "./sign-in/throttle.ts";
import { tokenRoutes } from "./token/endpoint.ts";

export function createLoginPlane(identity: IdentityServices): Plane {
  const throttle = createThrottle(identity.clock);
  const checkPassword = createPasswordCheck(identity, throttle);
  const services: SignInServices = { ...identity, throttle, checkPassword };
  return {
    name: "login",
    audiences: ["https://management.azure.com", "https://management.core.windows.net"],
    renderError: (error, { requestId, headers, origin }) =>
      renderTokenError(error, {
        now: services.clock.now(),
        traceId: requestId,
        correlationId: clientRequestId({ headers }) ?? requestId,
        loginBase: origin.base("login"),
      }),
    routes: [
      ...metadataRoutes(services),
      ...tokenRoutes(services),
      ...authorizeRoutes(services),
      ...deviceCodeRoutes(services),
      ...devicePageRoutes(services),
      ...signInLinkRoutes(services),
      ...signOutRoutes(services),
      ...keyRotationRoutes(services),
    ],
  };
}
