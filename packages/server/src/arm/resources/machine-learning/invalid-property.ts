// The provider's 400 for one property of a request.

import { fail } from "@callosum/contract/error-catalogue.ts";

export function invalidProperty(target: string, reason: string) {
  return fail.InvalidParameter({ parameter: target, reason, target });
}
