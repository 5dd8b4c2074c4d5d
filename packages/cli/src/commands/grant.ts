// `callosum grant`: what the advice of Test Connection runs. Azure roles, and Synapse roles with --synapse.

import { defineCommand, usageError } from "../command.ts";
import { requireInstance } from "../instance.ts";

export const grant = defineCommand({
  name: "grant",
  summary: "Give a principal a role at a scope",
  description: "A grant that is there already is left as it is.",
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
    to: { kind: "text", value: "WHO", summary: "The same as --principal" },
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
    as: { kind: "text", value: "PRINCIPAL", summary: "Who grants", otherwise: "admin" },
  },
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
  async run({ options, dataDirectory, environment }) {
    const who = [options.principal, options.to].filter((each) => each !== undefined);
    if (who.length !== 1) throw usageError("'callosum grant' needs one of --principal and --to.");
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
      const sentence = `${principal.displayName} has ${role.name} on ${scope}`;
      const isThere = grant.assignments.length > 0;
      const id = isThere ? grant.assignments[0] : await grant.create();
      return {
        json: { ...described, id, state: isThere ? "existed" : "made" },
        text: [isThere ? `${sentence} already.` : `${sentence} now.`],
      };
    } finally {
      await close();
    }
  },
});
