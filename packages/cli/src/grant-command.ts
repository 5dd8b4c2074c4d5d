// `callosum grant` and `callosum revoke` are one command with two verbs: whom, which role, where.

import { asOption, asPrincipal } from "./as-principal.ts";
import { type Command, defineCommand, type Outcome, usageError } from "./command.ts";
import type { Grant } from "./role-grant.ts";

interface Verb {
  readonly name: "grant" | "revoke";
  /** The short form of --principal: `to`, `from`. */
  readonly direction: string;
  readonly summary: string;
  readonly description: string;
  readonly who: string;
  readonly examples: Command["examples"];
  carryOut(grant: Grant): Promise<Outcome & { readonly json: object }>;
}

/** Makes the command of a verb. */
export function defineGrantCommand(verb: Verb): Command {
  const { name, direction, summary, description, who, examples, carryOut } = verb;
  return defineCommand({
    name,
    summary,
    description,
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
      [direction]: { kind: "text", value: "WHO", summary: "The same as --principal" },
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
      as: asOption(who),
    },
    examples,
    async run(request) {
      const text = (option: string) => request.options[option] as string | undefined;
      const named = [text("principal"), text(direction)].filter((each) => each !== undefined);
      if (named.length !== 1) {
        throw usageError(`'callosum ${name}' needs one of --principal and --${direction}.`);
      }
      const as = { ...request, options: { as: text("as") } };
      return asPrincipal(as, async ({ api }) => {
        const { findGrant } = await import("./role-grant.ts");
        const grant = await findGrant(api, {
          role: text("role") ?? "",
          principal: named[0] ?? "",
          scope: text("scope"),
          synapse: text("synapse"),
        });
        const { role, principal, scope } = grant;
        const { json, ...outcome } = await carryOut(grant);
        return {
          ...outcome,
          json: { role: role.name, roleId: role.id, principal, scope, ...json },
        };
      });
    },
  });
}
