// The two workspaces that commands about a link are given.

export const pairOptions = {
  synapse: {
    kind: "text",
    value: "WORKSPACE",
    summary: "Synapse workspace, by name or resource id",
    isRequired: true,
  },
  ml: {
    kind: "text",
    value: "WORKSPACE",
    summary: "Machine learning workspace, by name or resource id",
    isRequired: true,
  },
} as const;
