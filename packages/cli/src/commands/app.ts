// `callosum app secret`: a new client secret of an application, to put where a link takes it from.

import { asOption, asPrincipal } from "../as-principal.ts";
import { CommandError, defineCommand } from "../command.ts";

export const app = defineCommand({
  name: "app",
  summary: "Make a client secret of an application",
  description:
    "The secret is printed once, alone on stdout, and cannot be read again. Older secrets stay valid until they expire.",
  arguments: [{ name: "action", summary: "What to do", choices: ["secret"], isRequired: true }],
  options: {
    id: {
      kind: "text",
      value: "APP",
      summary: "Application id, or the application's display name",
      isRequired: true,
    },
    name: {
      kind: "text",
      value: "NAME",
      summary: "What the secret is called",
      otherwise: "callosum app secret",
    },
    as: asOption("Who makes it"),
  },
  examples: [
    {
      command: "callosum app secret --id 'nightly job'",
      summary: "Pipe it on: … | callosum secret set --vault vault1 --name ml-key",
    },
  ],
  async run(request) {
    const { options } = request;
    return asPrincipal(request, async ({ api }) => {
      const { listPages } = await import("@callosum/sdk/resource.ts");
      const text = options.id.replaceAll("'", "''");
      const isId = /^[0-9a-f-]{36}$/i.test(text);
      const found = await listPages<{ id: string; appId: string }>(api, {
        service: "graph",
        path: "/v1.0/applications",
        query: { $filter: isId ? `appId eq '${text}'` : `displayName eq '${text}'` },
      });
      const [application, another] = found;
      if (!application || another) {
        const count = found.length === 0 ? "no application" : `${found.length} applications`;
        throw new CommandError({
          code: "ApplicationNotFound",
          message: `There is ${count} '${options.id}'.`,
          hint: "Name it by its application id.",
        });
      }
      const { body } = await api.send({
        service: "graph",
        method: "POST",
        path: `/v1.0/applications/${application.id}/addPassword`,
        body: { passwordCredential: { displayName: options.name ?? "callosum app secret" } },
      });
      const { keyId, secretText, endDateTime } = body as Record<string, string>;
      return {
        json: { appId: application.appId, keyId, secretText, endDateTime },
        text: [secretText ?? ""],
      };
    });
  },
});
