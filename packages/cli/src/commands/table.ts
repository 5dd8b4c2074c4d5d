// Every command by name, in the order of the help. Loading one loads no other: `callosum env` is run
// by shells on each prompt.

import type { Command } from "../command.ts";

export const commandLoaders: Readonly<Record<string, () => Promise<Command>>> = {
  up: async () => (await import("./up.ts")).up,
  down: async () => (await import("./down.ts")).down,
  status: async () => (await import("./status.ts")).status,
  open: async () => (await import("./open.ts")).open,
  env: async () => (await import("./env.ts")).env,
  exec: async () => (await import("./exec.ts")).exec,
  link: async () => (await import("./link.ts")).link,
  unlink: async () => (await import("./unlink.ts")).unlink,
  links: async () => (await import("./links.ts")).links,
  "test-connection": async () => (await import("./test-connection.ts")).testConnection,
  models: async () => (await import("./models.ts")).models,
  score: async () => (await import("./score.ts")).score,
  explain: async () => (await import("./explain.ts")).explain,
  grant: async () => (await import("./grant.ts")).grant,
  revoke: async () => (await import("./revoke.ts")).revoke,
  app: async () => (await import("./app.ts")).app,
  secret: async () => (await import("./secret.ts")).secret,
  endpoint: async () => (await import("./endpoint.ts")).endpoint,
  deploy: async () => (await import("./deploy.ts")).deploy,
  apply: async () => (await import("./apply.ts")).apply,
  export: async () => (await import("./export.ts")).exportPair,
  rest: async () => (await import("./rest.ts")).rest,
  hosts: async () => (await import("./hosts.ts")).hosts,
  trust: async () => (await import("./trust.ts")).trust,
  keys: async () => (await import("./keys.ts")).keys,
  reset: async () => (await import("./reset.ts")).reset,
  snapshot: async () => (await import("./snapshot.ts")).snapshot,
  completion: async () => (await import("./completion.ts")).completion,
  version: async () => (await import("./version.ts")).version,
};

export async function loadAllCommands(): Promise<Command[]> {
  return Promise.all(Object.values(commandLoaders).map((load) => load()));
}
