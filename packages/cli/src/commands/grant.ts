// `callosum grant`: what the advice of Test Connection runs. Azure roles, and Synapse roles with --synapse.

import { defineGrantCommand } from "../grant-command.ts";

export const grant = defineGrantCommand({
  name: "grant",
  direction: "to",
  summary: "Give a principal a role at a scope",
  description: "A grant that is there already is left as it is.",
  who: "Who grants",
  examples: [
    {
      command: "callosum grant --role Contributor --to ws1 --scope /subscriptions/…/workspaces/ml1",
      summary: "To the identity of a workspace",
    },
    {
      command:
        'callosum grant --role "Synapse Credential User" --principal ann@example.org --synapse ws1',
      summary: "A Synapse role, for the whole workspace",
    },
  ],
  async carryOut({ role, principal, scope, assignments, create }) {
    const sentence = `${principal.displayName} has ${role.name} on ${scope}`;
    const isThere = assignments.length > 0;
    const id = isThere ? assignments[0] : await create();
    return {
      json: { id, state: isThere ? "existed" : "made" },
      text: [isThere ? `${sentence} already.` : `${sentence} now.`],
    };
  },
});
