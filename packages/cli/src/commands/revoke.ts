// `callosum revoke`: the other way round of grant. Azure roles, and Synapse roles with --synapse.

import { defineCommand, usageError } from "../command.ts";
import { requireInstance } from "../instance.ts";

export const revoke = defineCommand({
  name: "revoke",
  summary: "Take a role at a scope back from a principal",
  description:
    "Only assignments at exactly that scope; where there is none there is nothing to do.",
  arguments: [],
  options: {
    role: {
      kind: "text",
      value: "ROLE",
      summary: "Name or id of the role",
      isRequired: true,
    },
    principal: {
      kind: "text",
      value: "WHO",
      summary: "Object id, application id, user principal name, display name, or a resource id",
    },
    from: { kind: "text", value: "WHO", summary: "The same as --principal" },
    scope: {
      kind: "text",
      value: "SCOPE",
      summary: "Resource id; with --synapse an item such as linkedServices/link1",
    },
    synapse: {
      kind: "text",
      value: "WORKSPACE",
      summary: "The role is a Synapse role of this workspace",
    },
    as: { kind: "text", value: "PRINCIPAL", summary: "Who revokes", otherwise: "admin" },
  },
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
  async run({ options, dataDirectory, environment }) {
    const who = [options.principal, options.from].filter((each) => each !== undefined);
    if (who.length !== 1)
      throw usageError("'callosum revoke' needs one of --principal and --from.");
    const contract = await requireInstance(dataDirectory);
    const { openApiAs } = await import("../sign-in.ts");
    const { findGrant } = await import("../role-grant.ts");
    const { api, close } = await openApiAs(options.as, { contract, environment });
    try {
      const grant = await findGrant(api, {
        role: options.role,
        principal: who[0] ?? "",
        scope: options.scope,
        synapse: options.synapse,
      });
      const { role, principal, scope } = grant;
      const described = { role: role.name, roleId: role.id, principal, scope };
      const sentence = `${principal.displayName} does not have ${role.name} on ${scope}`;
      const count = grant.assignments.length;
      await grant.removeAll();
      return {
        json: { ...described, removed: grant.assignments },
        text: [count === 0 ? `${sentence} already.` : `${sentence} any more.`],
      };
    } finally {
      await close();
    }
  },
});
