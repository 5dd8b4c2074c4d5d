// One client connection after its handshake (handshake.ts): requests in order, each answered by
// exactly one message, attention included. Never throws: a broken client ends its connection only.
import { describeError } from "../../platform/log.ts";
import { publicMessage, SqlError, type SqlEvent } from "../session.ts";
import { BulkLoadIgnoredError, discard, openBulkLoad, takesBulkLoads } from "./bulk-load.ts";
import type { Channel, ConnectionContext } from "./channel.ts";
import { type LoggedIn, performHandshake } from "./handshake.ts";
import { Inbox, type Message } from "./inbox.ts";
import { attentionAcknowledged } from "./login-reply.ts";
import { Output } from "./output.ts";
import { initialPacketBytes, packetStatus, packetType } from "./packet.ts";
import { ProtocolError, refusal } from "./protocol-error.ts";
import { parseBatch, parseCalls, parseTransaction } from "./request.ts";
import { Response } from "./response.ts";

interface Connection extends LoggedIn {
  context: ConnectionContext;
  inbox: Inbox;
  output: Output;
  /** Database that the client was last told of. */
  database: string;
  transaction: bigint;
  /** What the reset before this request rolled back; the client could not know it yet. */
  rolledBack: bigint;
  /** Of the request that runs. */
  abort: AbortController;
}

export async function serveConnection(channel: Channel, context: ConnectionContext): Promise<void> {
  const { log, pool, clock, limits } = context;
  const { remote } = channel;
  let connection: Connection | undefined;
  let gone = false;
  const output = new Output({
    pool,
    write: (bytes, done) => channel.write(bytes, done),
    packetBytes: initialPacketBytes,
  });
  const inbox = new Inbox({
    clock,
    stallTimeoutMs: limits.messageStallTimeoutMs,
    onAttention: () => connection?.abort.abort(),
    onFailure: () => channel.destroy(),
    pause: () => channel.pause(),
    resume: () => channel.resume(),
  });
  channel.receive({
    data: (chunk) => inbox.push(chunk),
    closed(error) {
      gone = true;
      inbox.close(error);
      output.close();
      connection?.abort.abort();
    },
  });
  try {
    const loggedIn = await performHandshake({ channel, inbox, output, context });
    if (loggedIn !== undefined) {
      const { database } = loggedIn.session;
      const abort = new AbortController();
      connection = {
        ...loggedIn,
        context,
        inbox,
        output,
        database,
        transaction: 0n,
        abort,
        rolledBack: 0n,
      };
      if (!gone) await serveRequests(connection);
    }
    channel.end();
  } catch (error) {
    if (error instanceof ProtocolError)
      log.write("warn", "tds: client dropped", { remote, reason: error.message });
    else if (gone)
      log.write("debug", "tds: client went away", { remote, cause: describeError(error) });
    else log.write("error", "tds: connection failed", { remote, cause: describeError(error) });
    channel.destroy();
  } finally {
    inbox.close();
    await connection?.session.close().catch((error: unknown) => {
      log.write("error", "tds: session did not close", { remote, cause: describeError(error) });
    });
  }
}

const requestTypes = [
  packetType.batch,
  packetType.rpc,
  packetType.transaction,
  packetType.bulkLoad,
  packetType.attention,
];

async function serveRequests(connection: Connection): Promise<void> {
  const { inbox, output, context } = connection;
  inbox.expect(requestTypes, context.limits.requestBytesMax);
  for (;;) {
    const message = await inbox.next();
    if (message === undefined) return;
    if (message.type === packetType.attention) {
      output.writeBytes(attentionAcknowledged());
      output.endMessage();
      inbox.attentionAnswered();
    } else {
      // An attention that came before now has marked the message as ignored; a later one aborts.
      connection.abort = new AbortController();
      const response = await answer(connection, message);
      if (response.isFatal) return;
    }
    await output.room();
  }
}

async function answer(connection: Connection, message: Message): Promise<Response> {
  const { output, context, settled, workspace } = connection;
  const response = new Response({
    output,
    kind: message.type === packetType.rpc ? "call" : "batch",
    compactRows: settled.compactRows,
    serverName: workspace,
    onTransaction(id) {
      connection.transaction = id;
    },
  });
  try {
    await reset(connection, message, response);
    if (!message.ignored) await perform(connection, message, response);
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    const isTakenBack = error instanceof BulkLoadIgnoredError || connection.abort.signal.aborted;
    if (!isTakenBack) {
      if (!(error instanceof SqlError))
        context.log.write("error", "tds: request failed", { cause: describeError(error) });
      response.error(publicMessage(error));
    }
  }
  response.end({ last: true });
  return response;
}

/** RESETCONNECTION in the first packet's status (MS-TDS 2.2.3.1.2): reset, acknowledge, then run. */
async function reset(connection: Connection, message: Message, response: Response): Promise<void> {
  connection.rolledBack = 0n;
  const keep = (message.status & packetStatus.resetConnectionKeepTransaction) !== 0;
  if (!keep && (message.status & packetStatus.resetConnection) === 0) return;
  if (keep && connection.transaction !== 0n) {
    throw refusal("Resetting a connection while keeping its transaction");
  }
  const { session } = connection;
  const { transaction } = connection;
  await session.reset();
  response.resetAcknowledged();
  if (transaction !== 0n) {
    connection.rolledBack = transaction;
    response.event({ kind: "transaction", change: "rollback", id: transaction });
  }
  const from = connection.database;
  if (session.database !== from) {
    connection.database = session.database;
    response.event({ kind: "environment", change: "database", to: session.database, from });
  }
}

async function perform(
  connection: Connection,
  message: Message,
  response: Response,
): Promise<void> {
  const { session, abort } = connection;
  switch (message.type) {
    case packetType.batch: {
      const batch = parseBatch(message.payload);
      checkTransaction(connection, batch.transaction);
      await relay(connection, session.batch(batch.text, abort.signal), response);
      return;
    }
    case packetType.rpc: {
      const { transaction, calls } = parseCalls(message.payload);
      checkTransaction(connection, transaction);
      for (const [index, call] of calls.entries()) {
        if (abort.signal.aborted) return;
        await relay(connection, session.call(call, abort.signal), response);
        if (index < calls.length - 1) response.end({ last: false });
      }
      return;
    }
    case packetType.transaction: {
      const { transaction, steps } = parseTransaction(message.payload);
      checkTransaction(connection, transaction);
      for (const step of steps) {
        await relay(connection, session.transaction(step.request, step.name), response);
      }
      return;
    }
    default:
      await performBulkLoad(connection, message, response);
  }
}

/** The client names the transaction that it means; 0 leaves it to the session. */
function checkTransaction(connection: Connection, claimed: bigint): void {
  const { transaction, rolledBack } = connection;
  if (claimed === 0n || claimed === transaction || claimed === rolledBack) return;
  const message = `The server failed to resume the transaction. Desc:${claimed.toString(16)}.`;
  throw new SqlError({ number: 3971, severity: 16, state: 1, line: 1, message });
}

async function performBulkLoad(
  connection: Connection,
  message: Message,
  response: Response,
): Promise<void> {
  const { session, abort, context } = connection;
  const stream = message.stream!;
  try {
    if (!takesBulkLoads(session)) throw refusal("BULK INSERT of a client's rows");
    const rowBytesMax = context.limits.bulkRowBytesMax;
    const { columns, rows } = await openBulkLoad(stream, { rowBytesMax });
    await relay(connection, session.bulkLoad(columns, rows, abort.signal), response);
  } finally {
    // A refused or failed load is read to its end: the client sends on before it listens.
    await discard(stream);
  }
}

/**
 * Events to tokens, waiting for the client when it is slow. After an attention only side effects
 * are passed on, and the front is given the time to end: requests never overlap.
 */
async function relay(
  connection: Connection,
  events: AsyncIterable<SqlEvent>,
  response: Response,
): Promise<void> {
  const { output, abort } = connection;
  for await (const event of events) {
    if (event.kind === "environment" && event.change === "database") connection.database = event.to;
    if (!abort.signal.aborted) {
      response.event(event);
      await output.room();
    } else {
      response.sideEffect(event);
      // Leaving the loop tells the front that nobody reads on.
      if (event.kind === "rows") return;
    }
  }
}
