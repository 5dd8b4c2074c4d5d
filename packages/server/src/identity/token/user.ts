// The user that a grant was given for, as long as that still counts.

import { aadsts } from "../error-catalogue.ts";
import { objectKey, type User, userType } from "../object.ts";
import type { IdentityServices } from "../services.ts";
import { passwordStamp } from "../ticket.ts";

/** AADSTS50173 when gone or, with a stamp, when the password changed; AADSTS50057 when disabled. */
export async function currentUser(
  { store }: IdentityServices,
  { objectId, stamp }: { objectId: string; stamp?: string },
): Promise<User> {
  const user = (await store.read.document<User>(objectKey(userType, objectId)))?.body;
  if (!user || (stamp !== undefined && passwordStamp(user) !== stamp)) throw aadsts.AADSTS50173({});
  if (!user.accountEnabled) throw aadsts.AADSTS50057({});
  return user;
}
