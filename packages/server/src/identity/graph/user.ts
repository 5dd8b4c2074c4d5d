// Users: people of the directory. `me` is the caller's own (protocols.md 5.6).

import { putUser } from "../directory.ts";
import { aliasKind, objectKey, type User, userType } from "../object.ts";
import { hashPassword, verifyPassword } from "../password.ts";
import { removeObject } from "../removal.ts";
import { isRootOwner } from "../root-owner.ts";
import {
  type Body,
  bad,
  isObject,
  type PropertyKind,
  readObject,
  readProperties,
  requiredText,
} from "./body.ts";
import { writeDirectory } from "./directory-write.ts";
import { graphFail } from "./error-catalogue.ts";
import { allObjects, findObject } from "./find.ts";
import type { GraphCall, GraphOperation } from "./operation.ts";
import { requireCreator, requireWriter } from "./permission.ts";
import { answerCount, answerEntity, answerList } from "./query.ts";
import { userDefaults, userShape } from "./shape.ts";

const set = "users";
const passwordLength = { min: 8, max: 256 };

const writable: Readonly<Record<string, PropertyKind>> = {
  accountEnabled: "boolean",
  businessPhones: "string[]",
  department: "string",
  displayName: "string",
  givenName: "string",
  jobTitle: "string",
  mail: "string",
  mailNickname: "string",
  mobilePhone: "string",
  officeLocation: "string",
  passwordProfile: "object",
  preferredLanguage: "string",
  surname: "string",
  usageLocation: "string",
  userPrincipalName: "string",
  userType: "string",
};

export const userOperations: GraphOperation[] = [
  {
    method: "GET",
    set,
    path: "",
    summary: "Lists users",
    handle: async (graph) =>
      answerList(graph, { set, entities: await entities(graph), defaults: userDefaults }),
  },
  {
    method: "GET",
    set,
    path: "/$count",
    summary: "Counts users",
    handle: async (graph) => answerCount(graph, await entities(graph)),
  },
  { method: "POST", set, path: "", summary: "Makes a user", handle: create },
  { method: "GET", set, path: "/:key", summary: "Reads a user", handle: read },
  { method: "PATCH", set, path: "/:key", summary: "Changes a user", handle: update },
  { method: "DELETE", set, path: "/:key", summary: "Deletes a user", handle: remove },
  {
    method: "GET",
    set: "me",
    path: "",
    summary: "Reads the caller's user",
    handle: (graph) => read({ ...graph, key: ownUserId(graph) }),
  },
  {
    method: "POST",
    set: "me",
    path: "/changePassword",
    summary: "Changes the caller's password",
    handle: changePassword,
  },
];

/** The caller's own id where they are a person. */
export function ownUserId({ principal }: GraphCall): string {
  if (principal.kind === "User") return principal.objectId;
  throw graphFail.BadRequest({
    reason: "/me request is only valid with delegated authentication flow.",
  });
}

async function entities({ services }: GraphCall) {
  return (await allObjects(services.store.read, userType)).map(userShape);
}

async function read(graph: GraphCall) {
  const user = await findObject(graph.services.store.read, userType, graph.key);
  return answerEntity(graph, { set, entity: userShape(user), defaults: userDefaults });
}

async function create(graph: GraphCall) {
  const { services, call } = graph;
  const { random, clock } = services;
  await requireCreator(graph, "users");
  const sent = readProperties(readObject(call.body), writable);
  const { accountEnabled, displayName: _, mail, passwordProfile, ...rest } = sent;
  if (typeof accountEnabled !== "boolean") throw missing("accountEnabled");
  requiredText(sent, "mailNickname", "User");
  if (!isObject(passwordProfile)) throw missing("passwordProfile");
  const { userPrincipalName, ...settings } = rest;
  const user: User = {
    id: random.guid(),
    displayName: requiredText(sent, "displayName", "User"),
    userPrincipalName: readPrincipalName(graph, requiredText(sent, "userPrincipalName", "User")),
    mail: typeof mail === "string" ? mail : null,
    accountEnabled,
    createdDateTime: clock.now().toISOString(),
    passwordHash: await hashPassword(readPassword(passwordProfile)),
    settings,
  };
  const key = objectKey(userType, user.id);
  await writeDirectory(graph, { action: `${set}/create`, key }, (writer) => putUser(writer, user));
  const entity = userShape(user);
  return answerEntity(graph, { set, entity, defaults: userDefaults, status: 201 });
}

async function update(graph: GraphCall) {
  const { services, call } = graph;
  const sent = readProperties(readObject(call.body), writable);
  const {
    accountEnabled,
    mail,
    passwordProfile,
    userPrincipalName,
    displayName: _,
    ...settings
  } = sent;
  const { id } = await findObject(services.store.read, userType, graph.key);
  await requireWriter(graph, { part: "users" });
  const passwordHash = isObject(passwordProfile)
    ? await resetPassword(graph, passwordProfile)
    : undefined;
  const key = objectKey(userType, id);
  await writeDirectory(graph, { action: `${set}/update`, key }, async (writer) => {
    const existing = await findObject(writer, userType, id);
    const user: User = {
      ...existing,
      ...(sent.displayName === undefined
        ? {}
        : { displayName: requiredText(sent, "displayName", "User") }),
      ...(typeof accountEnabled === "boolean" ? { accountEnabled } : {}),
      ...(mail === undefined ? {} : { mail: mail as string | null }),
      ...(userPrincipalName === undefined
        ? {}
        : {
            userPrincipalName: readPrincipalName(
              graph,
              requiredText(sent, "userPrincipalName", "User"),
            ),
          }),
      ...(passwordHash === undefined ? {} : { passwordHash }),
      settings: { ...existing.settings, ...settings },
    };
    if (user.userPrincipalName !== existing.userPrincipalName) {
      await writer.release(aliasKind.userByName, existing.userPrincipalName);
    }
    await putUser(writer, user);
  });
  return { status: 204 };
}

/** Whoever sets a password can sign in with it: no application's permission is enough, as in Entra. */
async function resetPassword(graph: GraphCall, profile: Body): Promise<string> {
  if (await isRootOwner(graph.services.authorizer, graph.principal)) {
    return hashPassword(readPassword(profile));
  }
  throw graphFail.Authorization_RequestDenied({});
}

async function changePassword(graph: GraphCall) {
  const id = ownUserId(graph);
  const sent = readProperties(readObject(graph.call.body), {
    currentPassword: "string",
    newPassword: "string",
  });
  const current = requiredText(sent, "currentPassword", "User");
  const user = await findObject(graph.services.store.read, userType, id);
  if (!(await verifyPassword(current, user.passwordHash))) {
    throw bad("The specified password does not match the current password.");
  }
  const passwordHash = await hashPassword(readPassword({ password: sent.newPassword }));
  const key = objectKey(userType, id);
  await writeDirectory(graph, { action: `${set}/password/update`, key }, async (writer) => {
    await putUser(writer, { ...(await findObject(writer, userType, id)), passwordHash });
  });
  return { status: 204 };
}

async function remove(graph: GraphCall) {
  const { id } = await findObject(graph.services.store.read, userType, graph.key);
  const key = objectKey(userType, id);
  await writeDirectory(graph, { action: `${set}/delete`, key }, async (writer) => {
    await requireWriter(graph, { part: "users" });
    await removeObject(writer, { key, objectId: id });
  });
  return { status: 204 };
}

function missing(property: string) {
  return bad(`A value is required for property '${property}' of resource 'User'.`);
}

/** A name in the tenant's verified domain. */
function readPrincipalName({ services }: GraphCall, name: string): string {
  const [local = "", domain = "", ...more] = name.split("@");
  if (domain.toLowerCase() !== services.domain || more.length > 0) {
    throw bad(
      "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.",
    );
  }
  if (/^[A-Za-z0-9'._!#^~-]{1,64}$/.test(local)) return name;
  throw bad("Invalid value specified for property 'userPrincipalName' of resource 'User'.");
}

function readPassword(profile: Body): string {
  const { password, forceChangePasswordNextSignIn = false } = profile;
  if (forceChangePasswordNextSignIn !== false) {
    throw graphFail.NotSupportedHere({
      what: "passwordProfile.forceChangePasswordNextSignIn",
      reason: "the sign-in page changes no passwords; send false",
    });
  }
  const isLongEnough =
    typeof password === "string" &&
    password.length >= passwordLength.min &&
    password.length <= passwordLength.max;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/];
  if (isLongEnough && kinds.filter((kind) => kind.test(password)).length >= 3) return password;
  throw bad(
    "The specified password does not comply with password complexity requirements. Please provide a different password.",
  );
}
