// What right an operation needs: a role's action, a signature's letter.

export interface Need {
  /** RBAC action; a data action when it is about blobs. */
  readonly action: string;
  /** Letters of a signature, any of which suffices; "" = no signature does. */
  readonly sas: string;
  /** Signatures of one container or blob do not reach this, whatever their letters. */
  readonly accountSasOnly?: boolean;
  /** Enough where nothing is there yet. */
  readonly whenNew?: { readonly action: string; readonly sas: string };
}

const actionRoot = "Microsoft.Storage/storageAccounts/blobServices";

/** RBAC actions of the endpoints (learn.microsoft.com: Permissions for calling data operations). */
export const actions = {
  serviceRead: `${actionRoot}/read`,
  serviceWrite: `${actionRoot}/write`,
  delegationKey: `${actionRoot}/generateUserDelegationKey/action`,
  accountInfo: `${actionRoot}/getInfo/action`,
  containerRead: `${actionRoot}/containers/read`,
  containerWrite: `${actionRoot}/containers/write`,
  containerDelete: `${actionRoot}/containers/delete`,
  containerGetAcl: `${actionRoot}/containers/getAcl/action`,
  containerSetAcl: `${actionRoot}/containers/setAcl/action`,
  read: `${actionRoot}/containers/blobs/read`,
  write: `${actionRoot}/containers/blobs/write`,
  add: `${actionRoot}/containers/blobs/add/action`,
  remove: `${actionRoot}/containers/blobs/delete`,
  move: `${actionRoot}/containers/blobs/move/action`,
  filter: `${actionRoot}/containers/blobs/filter/action`,
  tagsRead: `${actionRoot}/containers/blobs/tags/read`,
  tagsWrite: `${actionRoot}/containers/blobs/tags/write`,
  ownership: `${actionRoot}/containers/blobs/manageOwnership/action`,
  permissions: `${actionRoot}/containers/blobs/modifyPermissions/action`,
} as const;

/** Conditions on tags tell what they are, so they need the right to read them (inferred). */
export const tagsNeed: Need = { action: actions.tagsRead, sas: "t" };

export function isDataAction(action: string): boolean {
  return action.startsWith(`${actionRoot}/containers/blobs/`);
}
