// What the pages and grants for people work with.

import type { IdentityServices } from "../services.ts";
import type { PasswordCheck } from "./password-check.ts";
import type { Throttle } from "./throttle.ts";

export interface SignInServices extends IdentityServices {
  readonly throttle: Throttle;
  readonly checkPassword: PasswordCheck;
}
