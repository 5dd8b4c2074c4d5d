// Application permissions of Microsoft Graph that let an application write the directory without an
// Azure role (docs/adr/0007-who-writes-the-directory.md). Ids and values are Microsoft's.

export type DirectoryPart = "applications" | "users" | "groups" | "appRoleAssignments";

interface GraphAppRole {
  readonly id: string;
  readonly value: string;
  readonly displayName: string;
  /** What it lets write. */
  readonly parts: readonly DirectoryPart[];
  /** Only objects that the application owns. */
  readonly ownedOnly?: true;
}

const roles: readonly GraphAppRole[] = [
  role("19dbc75e-c2e2-444c-a770-ec69d8559fc7", "Directory.ReadWrite.All", [
    "applications",
    "users",
    "groups",
  ]),
  role("1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", "Application.ReadWrite.All", ["applications"]),
  {
    ...role("18a4783c-866b-4cc7-a460-3d5e5662c884", "Application.ReadWrite.OwnedBy", [
      "applications",
    ]),
    ownedOnly: true,
  },
  role("741f803b-c850-494e-b5df-cde7c675a1ca", "User.ReadWrite.All", ["users"]),
  role("62a82d76-70ea-41e2-9197-370581804d09", "Group.ReadWrite.All", ["groups"]),
  role("dbaae8cf-10b5-4b86-a4a1-f871c94c6695", "GroupMember.ReadWrite.All", ["groups"]),
  role("06b708a9-e830-4db3-a914-8e69da51d44f", "AppRoleAssignment.ReadWrite.All", [
    "appRoleAssignments",
  ]),
  role("7ab1d382-f21e-4acd-a863-ba3e13f7da61", "Directory.Read.All", []),
  role("9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", "Application.Read.All", []),
  role("df021288-bdef-4463-88db-98f22de89214", "User.Read.All", []),
  role("5b567255-7703-4780-807c-7be8301ae99b", "Group.Read.All", []),
];

function role(id: string, value: string, parts: readonly DirectoryPart[]): GraphAppRole {
  return { id, value, displayName: value, parts };
}

/** As the `appRoles` of Graph's service principal. */
export const graphAppRoles = roles.map(({ id, value, displayName }) => ({
  allowedMemberTypes: ["Application"],
  description: displayName,
  displayName,
  id,
  isEnabled: true,
  origin: "Application",
  value,
}));

export function findGraphAppRole(id: string): GraphAppRole | undefined {
  return roles.find((candidate) => candidate.id === id.toLowerCase());
}
