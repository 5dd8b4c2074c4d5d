// Runs a request in a session and gives its answer as a stream of lines. The reader sets the pace:
// the engine waits while the socket does. A reader that leaves cancels what runs.
import { Readable } from "node:stream";
import { describeError, type Log } from "../../platform/log.ts";
import { endsConnection, publicMessage, type SqlEvent, type SqlSession } from "../session.ts";
import { createEventLines, lineOf, messageLine } from "./event-line.ts";
import type { QueryRequest } from "./query-request.ts";

const waitingBytesMax = 256 * 1024;

interface AnswerOptions {
  session: SqlSession;
  request: QueryRequest;
  log: Log;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
}

/** The stream owns the session: it is closed when the answer is over, in whichever way. */
export function answerStream(options: AnswerOptions): Readable {
  const { session, log } = options;
  const lines = answerLines(options);
  const stream = Readable.from(lines, { objectMode: false, highWaterMark: waitingBytesMax });
  stream.once("close", async () => {
    try {
      // Ends once the statement that was cancelled has: a session runs one request at a time.
      await lines.return(undefined);
      await session.close();
    } catch (error) {
      log.write("error", "sql: session did not close", { cause: describeError(error) });
    }
  });
  return stream;
}

async function* answerLines(options: AnswerOptions): AsyncGenerator<string, void> {
  const { log, signal } = options;
  const lines = createEventLines();
  let failed = false;
  try {
    for await (const event of eventsOf(options)) {
      yield* lines.of(event);
      if (event.kind !== "message" || !event.error) continue;
      failed = true;
      if (endsConnection(event.message)) break;
    }
  } catch (error) {
    if (signal.aborted) return;
    log.write("error", "sql: query failed", { cause: describeError(error) });
    failed = true;
    yield messageLine(publicMessage(error), true);
  }
  yield lineOf({ kind: "end", outcome: failed ? "failed" : "succeeded" });
}

/** An error ends its batch; the batches after it run, as sqlcmd has it. */
async function* eventsOf({ session, request, signal }: AnswerOptions): AsyncGenerator<SqlEvent> {
  if (request.kind === "call") {
    yield* session.call(request.call, signal);
    return;
  }
  for (const { text, firstLine, count } of request.batches) {
    for (let run = 0; run < count; run += 1) yield* session.batch(text, signal, firstLine);
  }
}
