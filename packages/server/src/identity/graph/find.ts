// Objects by what paths say of them: an object id, a user principal name, an alternate key.

import type { Reader } from "@callosum/contract/ports.ts";
import {
  type Application,
  aliasKind,
  applicationType,
  type DirectoryType,
  type Group,
  groupType,
  objectKey,
  type ServicePrincipal,
  servicePrincipalType,
  type User,
  userType,
} from "../object.ts";
import { graphFail } from "./error-catalogue.ts";

interface Bodies {
  readonly [applicationType]: Application;
  readonly [servicePrincipalType]: ServicePrincipal;
  readonly [userType]: User;
  readonly [groupType]: Group;
}

const alternateKeys: Readonly<Record<DirectoryType, Readonly<Record<string, string>>>> = {
  [applicationType]: { appid: aliasKind.applicationByAppId },
  [servicePrincipalType]: { appid: aliasKind.servicePrincipalByAppId },
  [userType]: { userprincipalname: aliasKind.userByName },
  [groupType]: {},
};

/** The object that `key` names (`GraphCall.key`); Request_ResourceNotFound otherwise. */
export async function findObject<Type extends DirectoryType>(
  reader: Reader,
  type: Type,
  key: string,
): Promise<Bodies[Type]> {
  const documentKey = await documentKeyOf(reader, type, key);
  const document =
    documentKey === undefined ? undefined : await reader.document<Bodies[Type]>(documentKey);
  if (!document) throw graphFail.Request_ResourceNotFound({ id: key });
  return document.body;
}

async function documentKeyOf(
  reader: Reader,
  type: DirectoryType,
  key: string,
): Promise<string | undefined> {
  const alternate = /^(\w+)='(.*)'$/.exec(key);
  if (alternate) {
    const kind = alternateKeys[type][alternate[1] ?? ""];
    return kind === undefined ? undefined : reader.alias(kind, alternate[2] ?? "");
  }
  if (type === userType && key.includes("@")) return reader.alias(aliasKind.userByName, key);
  return objectKey(type, key);
}

/** All objects of a type. */
export async function allObjects<Type extends DirectoryType>(
  reader: Reader,
  type: Type,
): Promise<Bodies[Type][]> {
  return (await reader.documents<Bodies[Type]>({ type })).map(({ body }) => body);
}

/** Any object by its id, with its stored type. */
export async function findAny(
  reader: Reader,
  id: string,
): Promise<{ type: DirectoryType; body: Bodies[DirectoryType] } | undefined> {
  for (const type of [servicePrincipalType, userType, groupType, applicationType] as const) {
    const document = await reader.document<Bodies[DirectoryType]>(objectKey(type, id));
    if (document) return { type, body: document.body };
  }
  return undefined;
}
