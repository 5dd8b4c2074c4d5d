// SQL over HTTP on {workspace}.sql.azuresynapse.net, as a browser needs it: the same logins, sessions
// and checks as over TDS (../tds), with another wire. No reference for its answers is public:
// docs/adr/0009-sql-over-http.md.
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer, Call, Plane, Route } from "../../http/route.ts";
import { statusNumber } from "../../http/status.ts";
import type { Log } from "../../platform/log.ts";
import { sqlAudiences } from "../host/identity.ts";
import type { SqlFront, SqlLogin, SqlSession } from "../session.ts";
import { answerStream } from "./answer-stream.ts";
import { loginRefusal, numberOf } from "./error-catalogue.ts";
import { readQueryRequest, readRowsMax } from "./query-request.ts";

interface SqlPlaneServices {
  front: SqlFront;
  log: Log;
}

const apiVersion = "2018-08-01-preview";

export function createSqlPlane(services: SqlPlaneServices): Plane {
  return {
    name: "sql",
    audiences: sqlAudiences,
    renderError(error) {
      const { code, message, target, status } = error;
      const body = { error: { code, message, ...(target ? { target } : {}), ...numberOf(error) } };
      const headers = { "WWW-Authenticate": 'Bearer resource="https://database.windows.net/"' };
      return {
        status: statusNumber(status),
        ...(status === "unauthenticated" ? { headers } : {}),
        body,
      };
    },
    headers: { "cache-control": "no-store" },
    routes: [queryRoute(services)],
  };
}

function queryRoute({ front, log }: SqlPlaneServices): Route {
  return {
    plane: "sql",
    method: "POST",
    path: "/:workspace/databases/:database/query",
    source: "docs/adr/0009-sql-over-http.md",
    summary: "Runs a T-SQL script, answers as a stream of JSON lines",
    access: "principal",
    async handle(call) {
      const { signal } = call;
      await call.principal();
      requireVersion(call);
      const resultRowsMax = readRowsMax(call.query.get("toprows"));
      const request = readQueryRequest(call.body);
      const session = await logIn(front, {
        workspace: call.params.workspace ?? "",
        database: call.params.database ?? "",
        applicationName: (call.query.get("application") ?? "HTTP").slice(0, 128),
        hostName: call.remoteAddress,
        credential: { kind: "token", token: bearerOf(call) },
        ...(resultRowsMax === undefined ? {} : { resultRowsMax }),
      });
      const answer: Answer = {
        status: 200,
        headers: { "content-type": "application/x-ndjson; charset=utf-8" },
        body: answerStream({ session, request, log, signal }),
      };
      return answer;
    },
  };
}

function requireVersion(call: Call): void {
  const given = call.query.get("api-version");
  if (given === null || given === "") throw fail.MissingApiVersionParameter({});
  if (given === apiVersion) return;
  throw fail.InvalidApiVersionParameter({ given, supported: apiVersion });
}

/** The token is the login's credential: the front verifies it as it does one that came over TDS. */
function bearerOf(call: Call): string {
  return (call.headers.authorization ?? "").replace(/^Bearer /i, "");
}

async function logIn(front: SqlFront, login: SqlLogin): Promise<SqlSession> {
  try {
    return await front.login(login);
  } catch (error) {
    throw loginRefusal(error);
  }
}
