// exec's environment as lines for a shell that stays: what differs from the caller's own.

import type { Contract } from "@callosum/server/main.ts";
import type { Environment } from "./environment.ts";
import { openExecSession } from "./session.ts";

/** Lines for eval, and the same as names and values; null = unset. */
export async function exportLines(request: {
  contract: Contract;
  environment: Environment;
  as: string;
}): Promise<{ lines: string[]; variables: Record<string, string | null> }> {
  const { environment } = await openExecSession(request);
  const variables: Record<string, string | null> = {};
  for (const [name, value] of Object.entries(request.environment)) {
    if (value !== undefined && !(name in environment)) variables[name] = null;
  }
  for (const [name, value] of Object.entries(environment)) {
    if (request.environment[name] !== value) variables[name] = value;
  }
  const lines = Object.entries(variables)
    .filter(([name]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    .map(([name, value]) => (value === null ? `unset ${name}` : `export ${name}=${quote(value)}`));
  return { lines, variables };
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
