// Who a session acts as in its database. Members and users may change while it is open, so every request
// looks again: whoever loses a role loses it at once.
import type { SqlPrincipal } from "../../ports.ts";
import { type Actor, granteesOf } from "../catalogue/permission.ts";
import { fail } from "../error.ts";
import type { Database, Session } from "./state.ts";

/** Administrators are dbo; others need a user of their own or of a group. */
export function actorOf(database: Database, principal: SqlPrincipal): Actor | undefined {
  const { catalogue } = database;
  if (principal.isAdministrator) return { user: "dbo", grantees: granteesOf(catalogue, ["dbo"]) };
  const users = [...catalogue.principals.values()];
  const own = users.find((user) =>
    principal.objectId === undefined
      ? user.login?.toLowerCase() === principal.name.toLowerCase()
      : user.externalId === principal.objectId,
  );
  const ofGroups = new Set(principal.groups.map((group) => group.objectId));
  const groups = users
    .filter(({ externalId }) => externalId !== undefined && ofGroups.has(externalId))
    .map(({ name }) => name);
  const user = own?.name ?? groups[0];
  if (user !== undefined) return { user, grantees: granteesOf(catalogue, [user, ...groups]) };
  const isMaster = catalogue.database.toLowerCase() === "master";
  return isMaster ? { user: "guest", grantees: granteesOf(catalogue, ["guest"]) } : undefined;
}

/** Fails with message 916 when the user is gone. */
export function refreshActors(session: Session): void {
  const { database, principal, impersonated } = session;
  const own =
    actorOf(database, principal) ?? fail(916, undefined, principal.name, database.pool.name);
  const again = ({ user }: Actor): Actor => ({
    user,
    grantees: granteesOf(database.catalogue, [user]),
  });
  session.actor = impersonated.length === 0 ? own : again(session.actor);
  session.impersonated = impersonated.map((actor, at) => (at === 0 ? own : again(actor)));
}
