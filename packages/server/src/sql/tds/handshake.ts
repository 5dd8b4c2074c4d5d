// From the first byte to a logged-in session: PRELOGIN, TLS, LOGIN7, federated token.
// connection.ts goes on from here.
import { describeError } from "../../platform/log.ts";
import { publicMessage, SqlError, type SqlLogin, type SqlSession } from "../session.ts";
import type { Channel, ConnectionContext } from "./channel.ts";
import type { Inbox } from "./inbox.ts";
import { type Login, parseFederatedToken, parseLogin, resolveWorkspace } from "./login.ts";
import { acceptLogin, federatedHint, rejectLogin, type Settled, settle } from "./login-reply.ts";
import type { Output } from "./output.ts";
import { packetType } from "./packet.ts";
import { negotiateEncryption, type Prelogin, parsePrelogin, preloginReply } from "./prelogin.ts";
import { ProtocolError, refusal } from "./protocol-error.ts";

export interface LoggedIn {
  session: SqlSession;
  settled: Settled;
  workspace: string;
}

interface HandshakeOptions {
  channel: Channel;
  inbox: Inbox;
  output: Output;
  context: ConnectionContext;
}

const preloginBytesMax = 8192;

/** Undefined when the client was turned away or left; what it needed to know has been sent. */
export async function performHandshake(options: HandshakeOptions): Promise<LoggedIn | undefined> {
  const { channel, inbox, context } = options;
  inbox.expect([packetType.prelogin], preloginBytesMax);
  const cancelTimeout = context.clock.after(context.limits.loginTimeoutMs, () => {
    inbox.close(new ProtocolError("login took too long"));
    channel.destroy();
  });
  try {
    const first = await inbox.next();
    if (first === undefined) return undefined;
    const prelogin = parsePrelogin(first.payload);
    const next = await secure(options, prelogin);
    if (next === "refused") return undefined;
    const encrypted = channel.strict || next === "tls";
    const message = await inbox.next();
    if (message === undefined) return undefined;
    return await logIn(options, { prelogin, payload: message.payload, encrypted, cancelTimeout });
  } finally {
    cancelTimeout();
  }
}

/** Answers PRELOGIN and starts TLS where it follows; a client that cannot be served is refused. */
async function secure(
  options: HandshakeOptions,
  prelogin: Prelogin,
): Promise<"tls" | "plain" | "refused"> {
  const { channel, inbox, output, context } = options;
  const { answer, next } = channel.strict
    ? { answer: prelogin.encryption & 0x1f, next: "plain" as const }
    : negotiateEncryption(prelogin.encryption, context);
  if (!inbox.empty) throw new ProtocolError("bytes sent without awaiting the PRELOGIN answer");
  inbox.expect([packetType.login], context.limits.loginBytesMax);
  const encrypting = next === "tls" ? channel.startTls() : undefined;
  output.writeBytes(preloginReply({ encryption: answer, federated: prelogin.federated }));
  output.endMessage();
  await encrypting;
  return next;
}

async function logIn(
  options: HandshakeOptions,
  received: {
    prelogin: Prelogin;
    payload: Buffer;
    encrypted: boolean;
    cancelTimeout: () => void;
  },
): Promise<LoggedIn | undefined> {
  const { channel, output, context } = options;
  let serverName = "";
  try {
    const login = parseLogin(received.payload);
    const sni = channel.serverName();
    const named = resolveWorkspace({ sni, serverName: login.serverName, user: login.user });
    serverName = named.workspace;
    // The client repeats what PRELOGIN told it: a difference means that somebody rewrote it.
    const { federated } = login;
    if (federated !== undefined && federated.echo !== received.prelogin.federated) {
      throw new ProtocolError("federated echo differs from PRELOGIN");
    }
    const { strict } = channel;
    const settled = settle(login, { strict, encrypted: received.encrypted });
    const credential = await readCredential(options, login, named.user);
    if (credential === undefined) return undefined;
    received.cancelTimeout();
    const { workspace } = named;
    const { database, applicationName, hostName } = login;
    const request: SqlLogin = { workspace, database, applicationName, hostName, credential };
    const session = await context.front.login(request);
    output.writeBytes(
      acceptLogin({
        login,
        settled,
        database: session.database,
        serverName,
        nonce: received.prelogin.nonce,
      }),
    );
    output.endMessage();
    output.packetBytes = settled.packetBytes;
    return { session, settled, workspace };
  } catch (error) {
    if (error instanceof ProtocolError) throw error;
    if (!(error instanceof SqlError))
      context.log.write("error", "tds: login failed", { cause: describeError(error) });
    output.writeBytes(rejectLogin(publicMessage(error), serverName));
    output.endMessage();
    return undefined;
  }
}

async function readCredential(
  options: HandshakeOptions,
  login: Login,
  user: string,
): Promise<SqlLogin["credential"] | undefined> {
  const { inbox, output, context } = options;
  const { federated } = login;
  if (federated === undefined) return { kind: "password", user, password: login.password };
  if (federated.library === "securityToken") return { kind: "token", token: federated.token };
  const signIn = context.federatedSignIn;
  if (signIn === undefined) throw refusal("Entra sign-in by the client (ADAL workflow)");
  inbox.expect([packetType.federatedToken], context.limits.loginBytesMax);
  output.writeBytes(federatedHint(signIn));
  output.endMessage();
  const message = await inbox.next();
  if (message === undefined) return undefined;
  return { kind: "token", token: parseFederatedToken(message.payload) };
}
