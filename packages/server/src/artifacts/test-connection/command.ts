// The command that a verdict prints, as text that a shell takes as it is. Names come from definitions
// that anybody may have written, so every value is quoted.

import type { FixRequest } from "@callosum/contract/verdict.ts";

const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** One word of a POSIX shell. */
export function quote(value: string): string {
  return plain.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** Our command line with its words; a pair is an option and its value. */
export function callosum(words: string, options: Readonly<Record<string, string>>): string {
  const rest = Object.entries(options).map(([name, value]) => `--${name} ${quote(value)}`);
  return [`callosum ${words}`, ...rest].join(" ");
}

function urlOf({ plane, path, subject }: FixRequest): string {
  switch (plane) {
    case "synapse":
      return `https://${subject}.dev.azuresynapse.net${path}`;
    case "vault":
      return `https://${subject}.vault.azure.net${path}`;
    case "graph":
      return `https://graph.microsoft.com/v1.0${path}`;
    case "arm":
      return `https://management.azure.com${path}`;
    default:
      return plane satisfies never;
  }
}

/** The request as `callosum rest`. `body` replaces the request's own, already quoted. */
export function restCommand(request: FixRequest, quotedBody?: string): string {
  const command = callosum("rest", { method: request.method, url: urlOf(request) });
  const body = quotedBody ?? (request.body && quote(JSON.stringify(request.body)));
  return body === undefined ? command : `${command} --body ${body}`;
}

const placeholder = "@@new-secret@@";

/** A body that holds a secret which only the shell knows, as its variable KEY. */
export function withNewSecret(make: (secret: string) => unknown): string {
  const [before = "", after = ""] = JSON.stringify(make(placeholder)).split(placeholder);
  return `${quote(before)}"$KEY"${quote(after)}`;
}

/** Makes a new client secret and prints it alone. */
export function newSecretCommand(clientId: string): string {
  return callosum("app secret", { id: clientId });
}
