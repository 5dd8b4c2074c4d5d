// `callosum revoke`: the other way round of grant. Azure roles, and Synapse roles with --synapse.

import { defineGrantCommand } from "../grant-command.ts";

export const revoke = defineGrantCommand({
  name: "revoke",
  direction: "from",
  summary: "Take a role at a scope back from a principal",
  description:
    "Only assignments at exactly that scope; where there is none there is nothing to do.",
  who: "Who revokes",
  examples: [
    {
      command:
        "callosum revoke --role Contributor --principal ws1 --scope /subscriptions/…/workspaces/ml1",
      summary: "From the identity of a workspace",
    },
    {
      command: 'callosum revoke --role "Synapse User" --principal ann@example.org --synapse ws1',
      summary: "A Synapse role",
    },
  ],
  async carryOut({ role, principal, scope, assignments, removeAll }) {
    const sentence = `${principal.displayName} does not have ${role.name} on ${scope}`;
    await removeAll();
    return {
      json: { removed: assignments },
      text: [assignments.length === 0 ? `${sentence} already.` : `${sentence} any more.`],
    };
  },
});
