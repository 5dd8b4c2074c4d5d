// A user name and a password become a user of the directory, or a refusal that does not tell which of
// the two was wrong, in the same time either way.

import type { Random } from "@callosum/contract/ports.ts";
import type { DirectoryServices } from "../directory-services.ts";
import { aadsts } from "../error-catalogue.ts";
import { aliasKind, type User } from "../object.ts";
import { hashPassword, verifyPassword } from "../password.ts";
import type { Throttle, ThrottleName } from "./throttle.ts";

const userNameLengthMax = 256;
const passwordLengthMax = 256;

/** AADSTS50126 when wrong, AADSTS50057 when disabled, AADSTS50053 while guessing is slowed down. */
export type PasswordCheck = (sent: {
  userName: string;
  password: string;
  remoteAddress: string;
}) => Promise<User>;

export function createPasswordCheck(
  services: DirectoryServices,
  throttle: Throttle,
): PasswordCheck {
  const { store, random } = services;
  let hashOfNobody: Promise<string> | undefined;

  return async ({ userName, password, remoteAddress }) => {
    const name = userName.trim().toLowerCase().slice(0, userNameLengthMax);
    const names = throttleNames(name, remoteAddress);
    if (throttle.begin(names) > 0) throw aadsts.AADSTS50053({});
    const key = await store.read.alias(aliasKind.userByName, name);
    const user = key === undefined ? undefined : (await store.read.document<User>(key))?.body;
    hashOfNobody ??= hashNobody(random);
    const stored = user?.passwordHash ?? (await hashOfNobody);
    const isRight = await verifyPassword(password.slice(0, passwordLengthMax), stored);
    if (!user || !isRight) throw aadsts.AADSTS50126({});
    throttle.succeed(names);
    if (!user.accountEnabled) throw aadsts.AADSTS50057({});
    return user;
  };
}

/** An account is guessed from one address; an address may guess at many accounts. */
function throttleNames(userName: string, remoteAddress: string): ThrottleName[] {
  return [
    { name: `user ${userName} ${remoteAddress}`, freeAttempts: 5 },
    { name: `address ${remoteAddress}`, freeAttempts: 30 },
  ];
}

function hashNobody(random: Random): Promise<string> {
  return hashPassword(random.token(128));
}
