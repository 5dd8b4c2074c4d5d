// What names a workspace: the members of a config.json.

export interface WorkspaceName {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}
