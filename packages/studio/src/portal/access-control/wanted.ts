// What a person puts together on the way through Add role assignment.

import type { DirectoryObject } from "../../api/directory.ts";
import type { RoleDefinition } from "./role.ts";

export interface Wanted {
  readonly role: RoleDefinition | undefined;
  readonly kind: "principal" | "managedIdentity";
  readonly members: readonly DirectoryObject[];
  readonly description: string;
}
