// Model URIs: where the bytes of a model are said to be. What cannot be on this instance is refused by
// name (azure-ai-ml and azureml-mlflow write these forms; protocols.md 7.2, 7.4).

import { failModel } from "./error-catalogue.ts";

export interface WorkspaceName {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

export type ModelLocation =
  | {
      readonly kind: "datastore";
      /** Undefined: the workspace of the request. */
      readonly workspace: WorkspaceName | undefined;
      readonly datastore: string;
      readonly path: string;
    }
  | {
      readonly kind: "artifact";
      readonly origin: string;
      readonly container: string;
      readonly path: string;
    }
  | {
      readonly kind: "blob";
      readonly account: string;
      readonly container: string;
      readonly path: string;
      /** The query of a shared access signature; "" = the caller's own rights count. */
      readonly signature: string;
    };

const uriLengthMax = 4096;
const datastoreForm =
  /^(?:subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/(?:providers\/microsoft\.machinelearningservices\/)?workspaces\/([^/]+)\/)?datastores\/([^/]+)\/paths\/(.+)$/i;
const jobForm =
  /^(?:subscriptions\/[^/]+\/resourcegroups\/[^/]+\/(?:providers\/[^/]+\/)?workspaces\/[^/]+\/)?jobs\/([^/]+)\/outputs\/([^/]+)(?:\/paths\/(.+))?$/i;

/** The URI as it is kept and answered: signatures in it are secrets. */
export function withoutSignature(uri: string): string {
  return uri.replace(/\?.*$/s, "");
}

/** Rejects with UserError for every form that is not understood. */
export function parseModelUri(uri: string): ModelLocation {
  if (uri.length > uriLengthMax) throw refuse(uri.slice(0, 80), "it is too long");
  const [, scheme = "", rest = ""] = /^([a-z][a-z0-9+.-]*):\/*(.*)$/i.exec(uri) ?? [];
  switch (scheme.toLowerCase()) {
    case "azureml":
      return parseAzureml(uri, rest);
    case "runs": {
      const [run = "", ...path] = rest.split("/");
      return { kind: "artifact", ...runArtifact(run), path: cleanPath(uri, path.join("/")) };
    }
    case "https":
    case "http":
      return parseStorageUrl(uri);
    case "wasb":
    case "wasbs":
    case "abfs":
    case "abfss":
      return parseHadoopUri(uri, rest);
    default:
      throw refuse(uri, "it must be an azureml:// URI or the URL of a storage account");
  }
}

function parseAzureml(uri: string, rest: string): ModelLocation {
  const datastore = datastoreForm.exec(rest);
  if (datastore) {
    const [, subscriptionId, resourceGroup, name, store = "", path = ""] = datastore;
    return {
      kind: "datastore",
      workspace:
        subscriptionId === undefined || resourceGroup === undefined || name === undefined
          ? undefined
          : { subscriptionId, resourceGroup, name },
      datastore: store,
      path: cleanPath(uri, path),
    };
  }
  const job = jobForm.exec(rest);
  if (!job)
    throw refuse(
      uri,
      "of azureml:// URIs those of datastores and of jobs' artifacts are understood",
    );
  const [, run = "", output = "", path = ""] = job;
  if (output.toLowerCase() !== "artifacts") {
    throw refuse(uri, `outputs of jobs other than 'artifacts' are not kept (got '${output}')`);
  }
  return { kind: "artifact", ...runArtifact(run), path: cleanPath(uri, path) };
}

/** Artifacts of a run are in a container named after it (OpenAPI artifact: origin ExperimentRun). */
export function runArtifact(run: string): { origin: string; container: string } {
  return { origin: "ExperimentRun", container: `dcid.${run}` };
}

const storageHost = /^([a-z0-9]{3,24})\.(?:blob|dfs)\.core\.windows\.net$/;
const ownHost = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;
const ownPath = /^\/storage\/([a-z0-9]{3,24})\/(?:blob|dfs)(\/.*)$/i;

function parseStorageUrl(uri: string): ModelLocation {
  const url = URL.parse(uri);
  if (!url) throw refuse(uri, "it is not a URL");
  const account = storageHost.exec(url.hostname)?.[1];
  const signature = url.searchParams.has("sig") ? url.search : "";
  if (account !== undefined) return blobAt(uri, { account, pathname: url.pathname, signature });
  const own = ownHost.test(url.hostname) ? ownPath.exec(url.pathname) : null;
  if (!own) throw refuse(uri, `'${url.hostname}' is no storage account of this instance`);
  const [, ownAccount = "", path = ""] = own;
  return blobAt(uri, { account: ownAccount.toLowerCase(), pathname: path, signature });
}

function blobAt(
  uri: string,
  at: { account: string; pathname: string; signature: string },
): ModelLocation {
  const { account, pathname, signature } = at;
  const [container = "", ...path] = pathname.replace(/^\/+/, "").split("/");
  if (container === "") throw refuse(uri, "it names no container");
  return {
    kind: "blob",
    account,
    container: decode(uri, container),
    path: cleanPath(uri, decode(uri, path.join("/"))),
    signature,
  };
}

function parseHadoopUri(uri: string, rest: string): ModelLocation {
  const [, container = "", host = "", path = ""] = /^([^@/]+)@([^/]+)\/?(.*)$/.exec(rest) ?? [];
  const account = storageHost.exec(host.toLowerCase())?.[1];
  if (account === undefined) throw refuse(uri, "it names no storage account");
  const clean = cleanPath(uri, decode(uri, path));
  return { kind: "blob", account, container, path: clean, signature: "" };
}

function decode(uri: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse(uri, "it is not percent-encoded as URLs are");
  }
}

/** Without slashes at the ends; a path that leaves its place is no path. */
function cleanPath(uri: string, path: string): string {
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes("..")) throw refuse(uri, "'..' leads out of its place");
  return segments.join("/");
}

function refuse(uri: string, reason: string) {
  return failModel.UserError({
    reason: `The model's URI '${withoutSignature(uri)}' cannot be used: ${reason}.`,
    target: "properties.modelUri",
  });
}
