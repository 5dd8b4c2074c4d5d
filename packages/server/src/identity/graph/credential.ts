// addPassword and removePassword of applications and service principals, and the certificates that
// an application proves itself with.

import { createHash, X509Certificate } from "node:crypto";
import type { Clock, Random } from "@callosum/contract/ports.ts";
import { createClientSecret } from "../client-secret.ts";
import {
  type Application,
  applicationType,
  type KeyCredential,
  objectKey,
  type PasswordCredential,
  type ServicePrincipal,
  servicePrincipalType,
} from "../object.ts";
import { type Body, bad, isObject, readObject, readProperties } from "./body.ts";
import { writeDirectory } from "./directory-write.ts";
import { findObject } from "./find.ts";
import type { GraphCall, GraphOperation } from "./operation.ts";
import { requireWriter } from "./permission.ts";
import { jsonHeaders } from "./query.ts";
import { passwordCredentialShape } from "./shape.ts";

const sets = [
  { set: "applications", type: applicationType },
  { set: "servicePrincipals", type: servicePrincipalType },
] as const;

type Holder = (typeof sets)[number];

const passwordsMax = 100;

export const credentialOperations: GraphOperation[] = sets.flatMap((holder) => [
  {
    method: "POST",
    set: holder.set,
    path: "/:key/addPassword",
    source: "recordings/graph.json",
    summary: "Makes a client secret, shown once",
    handle: (graph) => addPassword(graph, holder),
  },
  {
    method: "POST",
    set: holder.set,
    path: "/:key/removePassword",
    source: "recordings/graph.json",
    summary: "Removes a client secret",
    handle: (graph) => removePassword(graph, holder),
  },
]);

async function addPassword(graph: GraphCall, holder: Holder) {
  const { random, clock } = graph.services;
  const wanted = readPasswordRequest(graph.call.body);
  const { credential, secretText } = createClientSecret({ random, clock, ...wanted });
  await changePasswords(graph, holder, "add", (credentials) => {
    if (credentials.length >= passwordsMax) throw bad("There are too many credentials.");
    return [...credentials, credential];
  });
  const context = `${graph.base}/$metadata#microsoft.graph.passwordCredential`;
  const body = { "@odata.context": context, ...passwordCredentialShape(credential), secretText };
  return { status: 200, headers: jsonHeaders, body };
}

async function removePassword(graph: GraphCall, holder: Holder) {
  const { keyId } = readObject(graph.call.body);
  await changePasswords(graph, holder, "remove", (credentials) => {
    const kept = credentials.filter((credential) => credential.keyId !== keyId);
    if (kept.length === credentials.length) {
      throw bad(`No password credential found with keyId '${String(keyId)}'.`);
    }
    return kept;
  });
  return { status: 204 };
}

async function changePasswords(
  graph: GraphCall,
  { set, type }: Holder,
  verb: string,
  change: (credentials: readonly PasswordCredential[]) => readonly PasswordCredential[],
): Promise<void> {
  const { services, key } = graph;
  const { id } = await findObject(services.store.read, type, key);
  const documentKey = objectKey(type, id);
  await writeDirectory(
    graph,
    { action: `${set}/credentials/${verb}`, key: documentKey },
    async (writer) => {
      const body: Application | ServicePrincipal = await findObject(writer, type, id);
      await requireWriter(graph, { part: "applications", owners: body.owners });
      if ("servicePrincipalType" in body && body.servicePrincipalType === "ManagedIdentity") {
        throw bad("Credentials of a managed identity cannot be changed.");
      }
      const passwordCredentials = change(body.passwordCredentials);
      await writer.put({
        id: documentKey,
        type,
        parent: "/directory",
        body: { ...body, passwordCredentials },
      });
    },
  );
}

/** `{passwordCredential: {…}}`; an empty body and an empty credential are fine. */
function readPasswordRequest(sent: unknown): ReturnType<typeof readPassword> {
  const { passwordCredential } = sent === undefined ? {} : readObject(sent);
  if (passwordCredential === undefined || passwordCredential === null) return readPassword({});
  return readPassword(readObject(passwordCredential));
}

function readPassword(sent: Body) {
  const read = readProperties(sent, {
    displayName: "string",
    startDateTime: "dateTime",
    endDateTime: "dateTime",
    // Known to Graph and set by it; clients send them back empty.
    customKeyIdentifier: "string",
    keyId: "string",
    secretText: "string",
    hint: "string",
  }) as Record<string, string | null>;
  if (read.secretText) throw bad("The secretText of a password credential cannot be chosen.");
  const { displayName, startDateTime, endDateTime } = read;
  if (startDateTime && endDateTime && Date.parse(endDateTime) <= Date.parse(startDateTime)) {
    throw bad("The endDateTime of a credential must be after its startDateTime.");
  }
  return {
    displayName: displayName ?? null,
    ...(startDateTime ? { startDateTime } : {}),
    ...(endDateTime ? { endDateTime } : {}),
  };
}

/** The secrets that a new application is made with: what to store and what to show once. */
export function createPasswords(services: { random: Random; clock: Clock }, sent: unknown) {
  const list = Array.isArray(sent) ? sent.filter(isObject) : [];
  return list.map((item) => createClientSecret({ ...services, ...readPassword(item) }));
}

/** The certificates of a body; Request_BadRequest for what is not one. */
export function readKeyCredentials(sent: unknown, { random }: { random: Random }): KeyCredential[] {
  return (sent as readonly Body[]).map((item) => {
    const read = readProperties(item, {
      customKeyIdentifier: "string",
      displayName: "string",
      startDateTime: "dateTime",
      endDateTime: "dateTime",
      keyId: "string",
      type: "string",
      usage: "string",
      key: "string",
      hasExtendedValue: "boolean",
    }) as Record<string, string | null | undefined>;
    const certificate = parseCertificate(item.key);
    const sha1 = createHash("sha1").update(certificate.raw).digest("hex").toUpperCase();
    return {
      keyId: read.keyId ?? random.guid(),
      displayName: read.displayName ?? certificate.subject,
      startDateTime: new Date(read.startDateTime ?? certificate.validFrom).toISOString(),
      endDateTime: new Date(read.endDateTime ?? certificate.validTo).toISOString(),
      type: "AsymmetricX509Cert",
      usage: "Verify",
      key: certificate.raw.toString("base64"),
      customKeyIdentifier: read.customKeyIdentifier ?? sha1,
    };
  });
}

function parseCertificate(key: unknown): X509Certificate {
  try {
    if (typeof key === "string") return new X509Certificate(Buffer.from(key, "base64"));
  } catch {
    // Told below, together with what is missing.
  }
  throw bad("Key value is invalid certificate");
}
