// A token request as the grants see it: the form, and where it came from.

import type { Call } from "../../http/route.ts";
import { aadsts } from "../error-catalogue.ts";
import type { SignInServices } from "../sign-in/services.ts";
import type { TenantName } from "../tenant.ts";

export interface TokenRequest {
  readonly services: SignInServices;
  readonly tenant: TenantName;
  /** Of the endpoint: v1 takes `resource=` and answers numbers as strings. */
  readonly endpointVersion: "v1" | "v2";
  readonly form: URLSearchParams;
  readonly call: Call;
}

/** A parameter that must be there; AADSTS900144 otherwise. */
export function required(form: URLSearchParams, parameter: string): string {
  const value = form.get(parameter);
  if (value === null || value === "") throw aadsts.AADSTS900144({ parameter });
  return value;
}
