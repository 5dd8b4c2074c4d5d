// What the scoring wizard is joined from: links and registry, and SQL sessions opened as its caller
// with a token as the caller's own client would bring.

import {
  type ScoringDatabase,
  type ScoringDatabases,
  type SqlArgument,
  type SqlCell,
  SqlRefusal,
} from "@callosum/contract/wizard.ts";
import { mintAccessToken } from "../identity/access-token.ts";
import {
  SqlError,
  type SqlEvent,
  type SqlFront,
  type SqlParameter,
  type SqlSession,
  type SqlType,
} from "../sql/session.ts";
import type { Authority } from "./authority.ts";
import type { Ground } from "./ground.ts";

const tokenSeconds = 300;

export function openScoringDatabases(
  ground: Ground,
  { keys }: Authority,
  front: SqlFront,
): ScoringDatabases {
  const { clock, random, instance } = ground;
  return {
    async open(principal, { workspace, database }) {
      const { token } = await mintAccessToken(
        { keys, clock, random, tenantId: instance.tenantId },
        { principal, audience: "https://database.windows.net/", lifetime: tokenSeconds },
      );
      const login = {
        workspace,
        database,
        applicationName: "Callosum scoring wizard",
        hostName: "",
        credential: { kind: "token", token },
      } as const;
      return databaseOf(await refusing(() => front.login(login)));
    },
  };
}

function databaseOf(session: SqlSession): ScoringDatabase {
  return {
    query(text, parameters = []) {
      const { signal } = new AbortController();
      const events =
        parameters.length === 0
          ? session.batch(text, signal)
          : session.call(
              { procedure: "sp_executesql", parameters: callOf(text, parameters) },
              signal,
            );
      return rowsOf(events);
    },
    close: () => session.close(),
  };
}

const types = {
  string: { text: "nvarchar(max)", type: { name: "nvarchar", length: "max" } },
  number: { text: "int", type: { name: "int" } },
  bytes: { text: "varbinary(max)", type: { name: "varbinary", length: "max" } },
} as const satisfies Record<string, { text: string; type: SqlType }>;

function callOf(text: string, sent: readonly SqlArgument[]): SqlParameter[] {
  const typed = sent.map(({ name, value }) => {
    const kind =
      value instanceof Uint8Array ? "bytes" : typeof value === "number" ? "number" : "string";
    return { name: `@${name}`, value, ...types[kind] };
  });
  const declarations = typed.map((parameter) => `${parameter.name} ${parameter.text}`).join(", ");
  const nvarchar = types.string.type;
  return [
    { name: "", type: nvarchar, value: text, output: false },
    { name: "", type: nvarchar, value: declarations, output: false },
    ...typed.map(({ name, type, value }) => ({ name, type, value, output: false })),
  ];
}

/** Rows of the last result; the first error ends it. */
async function rowsOf(events: AsyncIterable<SqlEvent>): Promise<SqlCell[][]> {
  let rows: SqlCell[][] = [];
  let refusal: SqlRefusal | undefined;
  for await (const event of events) {
    if (event.kind === "columns") rows = [];
    else if (event.kind === "rows") {
      for (let row = 0; row < event.count; row += 1) {
        rows.push(event.vectors.map((vector) => (vector[row] ?? null) as SqlCell));
      }
    } else if (event.kind === "message" && event.error) {
      refusal ??= new SqlRefusal(event.message.number, event.message.message);
    }
  }
  if (refusal) throw refusal;
  return rows;
}

async function refusing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SqlError) throw new SqlRefusal(error.detail.number, error.message);
    throw error;
  }
}
