// The workspaces that commands are given.

export const synapseOption = {
  kind: "text",
  value: "WORKSPACE",
  summary: "Synapse workspace, by name or resource id",
} as const;

/** The two ends of a link. */
export const pairOptions = {
  synapse: { ...synapseOption, isRequired: true },
  ml: {
    kind: "text",
    value: "WORKSPACE",
    summary: "Machine learning workspace, by name or resource id",
    isRequired: true,
  },
} as const;
