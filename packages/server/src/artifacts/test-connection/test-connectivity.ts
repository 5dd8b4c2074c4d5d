// `POST /testConnectivity`: Azure's answer plus the verdict (protocols.md 4.4, design.md §6). A saved
// link by name, or a whole definition that may be in a form still. Testing changes nothing.

import type { ArtifactProperties } from "@callosum/contract/artifact.ts";
import type { ConnectorTest, SecretSource } from "@callosum/contract/connector.ts";
import { ServiceError } from "@callosum/contract/error.ts";
import { fail } from "@callosum/contract/error-catalogue.ts";
import type { SecretReader } from "@callosum/contract/secret-reader.ts";
import type { TestConnectivityAnswer, VerdictHop } from "@callosum/contract/verdict.ts";
import type { Answer } from "../../http/route.ts";
import { artifactKey, findArtifact } from "../artifact-document.ts";
import { findConnector, storedConnectorType } from "../connector-registry.ts";
import { artifactNotFound, failSynapse } from "../error-catalogue.ts";
import { linkedService } from "../kinds/linked-service.ts";
import { checkLink } from "../link-shape.ts";
import { changedTarget, takeClearSecrets } from "../secret.ts";
import { requireObject } from "../validation.ts";
import { requireAction, type WorkspaceCall } from "../workspace.ts";
import { failed, toVerdict } from "./hop.ts";
import { resolveLink } from "./resolve.ts";
import { type VaultSecret, vaultSource } from "./vault-source.ts";

interface Subject {
  readonly name: string | undefined;
  /** Canonical, secrets masked. */
  readonly properties: ArtifactProperties;
  /** Secrets that the caller sent in clear, by path. */
  readonly clear: Readonly<Record<string, string>>;
  readonly saved: { readonly properties: ArtifactProperties; readonly key: string } | undefined;
  readonly isSaved: boolean;
  readonly given: Readonly<Record<string, unknown>>;
}

/** Answers 200 whatever the verdict; 400 and 404 for a test that names nothing testable. */
export async function testConnectivity(
  opened: WorkspaceCall,
  secretReader: SecretReader,
): Promise<Answer> {
  await requireAction(opened, "read");
  const body = requireObject(opened.call.body, "body");
  return { status: 200, body: await runTest(opened, { body, secretReader }) };
}

/** The test itself, for other ways in. The caller is authorized for the workspace. */
export async function runTest(
  opened: WorkspaceCall,
  options: { body: Record<string, unknown>; secretReader: SecretReader },
): Promise<TestConnectivityAnswer> {
  const { body, secretReader } = options;
  const read = await readSubject(opened, body);
  if ("problem" in read) return answer([read.problem]);
  const { properties } = read;
  const connector = findConnector(String(properties.type));
  const type = connector?.type ?? String(properties.type);
  if (!connector?.test) {
    const reason = "no connection of this type is made here; the linked service itself is kept.";
    throw fail.NotSupportedHere({ what: `Test Connection of type '${type}'`, reason });
  }
  const { services } = opened;
  const environment = {
    now: () => services.clock.now(),
    newGuid: () => services.random.guid(),
    random: () => Buffer.from(services.random.bytes(4)).readUInt32BE() / 2 ** 32,
  };
  const resolved = resolveLink({ properties, given: read.given, environment });
  if (resolved.problem) return answer([resolved.problem]);
  const { typeProperties } = resolved;
  const test = connectorTest(opened, { subject: read, typeProperties, secretReader });
  return answer(await connector.test(test));
}

/** Azure's part names the first cause, in Azure's words where they are known. */
function answer(findings: readonly VerdictHop[]): TestConnectivityAnswer {
  const verdict = toVerdict(findings);
  const errors = verdict.hops
    .filter(({ status }) => status === "failed")
    .map(({ code, message, serviceMessage }) => ({ code, message: serviceMessage ?? message }));
  return verdict.succeeded ? { succeeded: true, verdict } : { succeeded: false, errors, verdict };
}

async function readSubject(
  opened: WorkspaceCall,
  body: Record<string, unknown>,
): Promise<Subject | { problem: VerdictHop }> {
  const { name, properties, given } = readBody(body);
  const saved = name === undefined ? undefined : await findSaved(opened, name);
  if (!properties) {
    if (name === undefined || !saved) {
      throw artifactNotFound({ ...linkedService, name: name ?? "", workspace: opened.workspace });
    }
    return { name, properties: saved.properties, clear: {}, saved, isSaved: true, given };
  }
  requireKnownType(properties.type);
  try {
    const checked = checkLink(properties);
    const connector = findConnector(String(checked.type));
    const rules = connector ?? { secrets: [], target: undefined };
    const { value, secrets } = takeClearSecrets(checked, rules);
    // Only what is saved as it is can be repaired by saving it.
    const isSaved = saved !== undefined && isSame(saved.properties, value);
    return { name, properties: value, clear: secrets, saved, isSaved, given };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { problem: invalidDefinition(error) };
  }
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** The type first: what nobody lists has no test to fail. */
function requireKnownType(type: unknown): void {
  if (typeof type !== "string" || findConnector(type) || storedConnectorType(type)) return;
  throw failSynapse.LinkedServiceTypeNotSupported({ type, hint: "", target: "properties.type" });
}

function readBody(body: Record<string, unknown>): {
  name: string | undefined;
  properties: Record<string, unknown> | undefined;
  given: Record<string, unknown>;
} {
  const { linkedService: sent, linkedServiceName, linkedServiceReference, parameters } = body;
  const given = parameters === undefined ? {} : requireObject(parameters, "parameters");
  if (sent !== undefined) {
    const link = requireObject(sent, "linkedService");
    const name = typeof link.name === "string" && link.name !== "" ? link.name : undefined;
    if (link.properties !== undefined) {
      const properties = requireObject(link.properties, "linkedService.properties");
      return {
        name,
        properties: withDeclarations(properties),
        given: { ...valuesIn(properties), ...given },
      };
    }
    if (name !== undefined) return { name, properties: undefined, given };
  }
  const { referenceName } = (linkedServiceReference ?? {}) as { referenceName?: unknown };
  const name = linkedServiceName ?? referenceName;
  if (typeof name === "string" && name !== "") return { name, properties: undefined, given };
  throw failSynapse.BadRequest({
    reason:
      "The body must have 'linkedService' with 'properties', or name a saved one: 'linkedServiceName'.",
    target: "linkedService",
  });
}

function isDeclaration(value: unknown): boolean {
  return typeof (value as { type?: unknown } | null)?.type === "string";
}

/** Plain values where declarations stand are the values for this test (protocols.md 4.4). */
function valuesIn({ parameters }: Record<string, unknown>): Record<string, unknown> {
  if (typeof parameters !== "object" || parameters === null) return {};
  return Object.fromEntries(
    Object.entries(parameters).filter(([, value]) => !isDeclaration(value)),
  );
}

function withDeclarations(properties: Record<string, unknown>): Record<string, unknown> {
  const { parameters } = properties;
  if (typeof parameters !== "object" || parameters === null) return properties;
  const declared = Object.entries(parameters).map(([name, value]) => [
    name,
    isDeclaration(value) ? value : { type: "String" },
  ]);
  return { ...properties, parameters: Object.fromEntries(declared) };
}

async function findSaved(opened: WorkspaceCall, name: string) {
  const { services, workspace } = opened;
  const { read } = services.store;
  const found = await findArtifact(read, { workspace, definition: linkedService, name });
  return (
    found && {
      properties: found.artifact.properties,
      key: artifactKey(workspace.id, linkedService, name),
    }
  );
}

function invalidDefinition(error: ServiceError): VerdictHop {
  const isMissing = error.message.includes("is missing");
  return failed("definition", {
    code: isMissing ? "2103" : "2104",
    reason: isMissing ? "propertyMissing" : "propertyInvalid",
    message: error.message,
    fault: { party: "linkedService" },
    fix: { description: `Correct '${error.target ?? "the definition"}'.` },
  });
}

function connectorTest(
  opened: WorkspaceCall,
  options: { subject: Subject; typeProperties: ArtifactProperties; secretReader: SecretReader },
): ConnectorTest {
  const { services, workspace, principal } = opened;
  const { subject, typeProperties, secretReader } = options;
  const { resources, directory, authorizer, synapseRoles, store, clock, random } = services;
  return {
    workspace,
    caller: principal,
    linkName: subject.name,
    isSaved: subject.isSaved,
    definition: subject.properties,
    typeProperties,
    ports: {
      resources,
      directory,
      authorizer,
      synapseRoles,
      secretReader,
      reader: store.read,
      now: clock.now(),
      guid: () => random.guid(),
    },
    secret: (property) => findSecret(opened, { subject, typeProperties, property }),
  };
}

async function findSecret(
  opened: WorkspaceCall,
  options: { subject: Subject; typeProperties: ArtifactProperties; property: string },
): Promise<SecretSource | undefined> {
  const { subject, typeProperties, property } = options;
  const value = typeProperties[property] as { type?: string } | null | undefined;
  const type = value?.type?.toLowerCase();
  if (type === "azurekeyvaultsecret") return vaultSource(opened, value as VaultSecret);
  const path = `typeProperties.${property}`;
  const sent = subject.clear[path];
  if (sent !== undefined) return { kind: "inline", text: sent, isStored: false };
  if (type !== "securestring") return undefined;
  return storedSecret(opened, { subject, path });
}

/** A stored secret is used only as it was stored: never with a target that the caller changed. */
async function storedSecret(
  opened: WorkspaceCall,
  options: { subject: Subject; path: string },
): Promise<SecretSource> {
  const { subject, path } = options;
  const { saved, properties } = subject;
  const connector = findConnector(String(properties.type));
  const rules = connector ?? { secrets: [], target: undefined };
  const changed = saved && changedTarget({ sent: properties, existing: saved.properties, rules });
  if (changed !== undefined) {
    const message = `'${changed}' is not as it was saved, so the stored secret is not used: send it with the test.`;
    return { kind: "unusable", reason: "secretNotSent", message };
  }
  const { services } = opened;
  const sealed = saved && (await services.store.read.sealed(saved.key, path));
  if (!saved || !sealed) {
    const message = "The secret is masked and none is stored: send it with the test.";
    return { kind: "unusable", reason: "secretNotSent", message };
  }
  return { kind: "inline", text: services.secrets.open(saved.key, path, sealed), isStored: true };
}
