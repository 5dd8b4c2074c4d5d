// The SQL administrator's login: what a name and a password must look like, and where the password
// lies. It is sealed below the workspace and never answered.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { ResourceContext } from "@callosum/contract/resource.ts";

/** Name of the sealed secret; its owner is the workspace's key. The SQL plane opens it. */
export const sqlPasswordSecret = "sqlAdministratorLoginPassword";
export const sqlLoginDefault = "sqladminuser";

const loginPattern = /^[A-Za-z][A-Za-z0-9_@.-]{0,127}$/;
/** Names that the engine keeps for itself. */
const reserved = new Set(
  "admin administrator sa root dbmanager loginmanager dbo guest public sys information_schema".split(
    " ",
  ),
);

const passwordLengthMin = 8;
const passwordLengthMax = 128;
const characterClasses = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/];
const characterClassesMin = 3;

/** Rejects with InvalidParameter. */
export function requireSqlLogin(login: string): void {
  if (loginPattern.test(login) && !reserved.has(login.toLowerCase())) return;
  throw fail.InvalidParameter({
    parameter: "properties.sqlAdministratorLogin",
    reason:
      "a login starts with a letter, has at most 128 letters, digits, '_', '@', '.' and '-', and is not one that the engine reserves",
    target: "properties.sqlAdministratorLogin",
  });
}

/** SQL Server's password policy: 8 to 128 characters, three of four classes, without the login. */
export function requireSqlPassword(password: string, login: string): void {
  const classes = characterClasses.filter((expression) => expression.test(password)).length;
  const holdsLogin = password.toLowerCase().includes(login.toLowerCase());
  const fits = password.length >= passwordLengthMin && password.length <= passwordLengthMax;
  if (fits && classes >= characterClassesMin && !holdsLogin) return;
  throw fail.InvalidParameter({
    parameter: "properties.sqlAdministratorLoginPassword",
    reason:
      "a password has 8 to 128 characters of at least three of lower case, upper case, digits and others, and does not contain the login",
    target: "properties.sqlAdministratorLoginPassword",
  });
}

/** Seals the password below the workspace, inside the request's transaction. */
export async function keepSqlPassword(ctx: ResourceContext, password: string): Promise<void> {
  const owner = ctx.id.key;
  const sealed = ctx.secrets.seal(owner, sqlPasswordSecret, password);
  await ctx.writer.putSealed(owner, sqlPasswordSecret, sealed);
}
