// The environment of `callosum exec -- <command>`: clients find our proxy and our certificates,
// nothing of the caller's real Azure sign-in, and the chosen principal. The bundle is bundle.ts's.

import { delimiter, join } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Whom the command acts as. An owner application (`--as admin`) is an application like any other. */
export type ExecPrincipal =
  | { kind: "application"; clientId: string; clientSecret: string }
  /** Signs in through `az login` and the like: nothing is set that would do it silently. */
  | { kind: "user" }
  /** App Service's endpoint (protocols.md 5.5); `clientId` for a user-assigned identity. */
  | { kind: "managedIdentity"; endpoint: string; header: string; clientId?: string };

export interface ExecEnvironmentOptions {
  inherited: Environment;
  /** `http://127.0.0.1:8442` */
  proxyUrl: string;
  /** The run's own, safe in a URL as they are. */
  credential: { user: string; password: string };
  /** System roots and ours, PEM. */
  bundleFile: string;
  /** Where clients keep what would otherwise be in the caller's home: sign-ins, token caches. */
  stateDirectory: string;
  /** An executable that opens an address for a person to sign in; without spaces or colons. */
  browser: string;
  tenantId: string;
  subscriptionId: string;
  principal: ExecPrincipal;
  /** `--home`: for clients whose caches follow the home directory only. */
  home?: string;
  /** `--java` */
  java?: { trustStoreFile: string; trustStorePassword: string };
}

/**
 * What is never passed on. Upper case; a name ends in `_` where it is a prefix. The caller's own
 * sign-in must not reach us, and a proxy setting must not lead around us.
 */
const withheld: readonly { names: readonly string[]; because: string }[] = [
  {
    names: ["AZURE_", "ARM_", "ADAL_", "MSAL_", "AZCOPY_", "AZD_"],
    because: "settings and secrets of the Azure SDKs, az, azd, azcopy and Terraform",
  },
  {
    names: ["AZUREML_", "MLFLOW_TRACKING_"],
    because: "service endpoints and tokens of an Azure Machine Learning run",
  },
  { names: ["IDENTITY_", "MSI_", "IMDS_"], because: "managed identity of the caller's own host" },
  {
    names: ["ACTIONS_ID_TOKEN_REQUEST_", "SYSTEM_ACCESSTOKEN", "SYSTEM_OIDCREQUESTURI"],
    because: "tokens of GitHub and Azure DevOps, exchanged for Azure's by azurerm and the SDKs",
  },
  {
    names: ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"],
    because: "would lead around our proxy, or plain HTTP out of the machine",
  },
  {
    names: [
      ...["NPM_CONFIG_PROXY", "NPM_CONFIG_HTTP_PROXY", "NPM_CONFIG_HTTPS_PROXY"],
      ...["NPM_CONFIG_NOPROXY", "NPM_CONFIG_NO_PROXY"],
    ],
    because: "read in place of the above by npm clients (proxy-from-env)",
  },
];

const withheldNames = withheld.flatMap(({ names }) => names);

function isWithheld(name: string): boolean {
  const upper = name.toUpperCase();
  return withheldNames.some((each) =>
    each.endsWith("_") ? upper.startsWith(each) : upper === each,
  );
}

/** The child's whole environment. Pure: touches neither disk nor this process's environment. */
export function execEnvironment(options: ExecEnvironmentOptions): Record<string, string> {
  const environment: Record<string, string> = {};
  const inherited = withoutNpx(options.inherited);
  for (const [name, value] of Object.entries(inherited)) {
    if (value !== undefined && !isWithheld(name)) environment[name] = value;
  }
  return Object.assign(
    environment,
    route(options),
    isolation(options),
    principalVariables(options),
    options.java && javaVariables(options, options.java, inherited),
  );
}

function route({ proxyUrl, credential, bundleFile }: ExecEnvironmentOptions) {
  const proxy = new URL(proxyUrl);
  proxy.username = credential.user;
  proxy.password = credential.password;
  const address = proxy.href.replace(/\/$/, "");
  return {
    HTTPS_PROXY: address,
    // curl and Python look at the lower-case name first.
    https_proxy: address,
    // Node's own fetch and http use a proxy only when told so (Node 24).
    NODE_USE_ENV_PROXY: "1",
    NODE_EXTRA_CA_CERTS: bundleFile,
    SSL_CERT_FILE: bundleFile,
    REQUESTS_CA_BUNDLE: bundleFile,
    CURL_CA_BUNDLE: bundleFile,
  };
}

function isolation(options: ExecEnvironmentOptions): Record<string, string> {
  const { inherited, stateDirectory, browser, proxyUrl, home } = options;
  const azureDirectory = inherited.AZURE_CONFIG_DIR ?? join(inherited.HOME ?? "", ".azure");
  return {
    // az keeps its sign-ins and MSAL's token cache here.
    AZURE_CONFIG_DIR: join(stateDirectory, "azure"),
    // Installed az extensions hold no credentials and would be missed.
    AZURE_EXTENSION_DIR: inherited.AZURE_EXTENSION_DIR ?? join(azureDirectory, "cliextensions"),
    AZURE_CORE_COLLECT_TELEMETRY: "false",
    AZD_CONFIG_DIR: join(stateDirectory, "azd"),
    // Credential chains ask this address, not the host's real metadata service; the proxy tells
    // them that there is none.
    AZURE_POD_IDENTITY_AUTHORITY_HOST: proxyUrl,
    BROWSER: browser,
    ...(home && {
      HOME: home,
      XDG_CACHE_HOME: join(home, ".cache"),
      XDG_CONFIG_HOME: join(home, ".config"),
      XDG_DATA_HOME: join(home, ".local", "share"),
      XDG_STATE_HOME: join(home, ".local", "state"),
    }),
  };
}

function principalVariables(options: ExecEnvironmentOptions): Record<string, string> {
  const { tenantId, subscriptionId, principal } = options;
  const directory = {
    AZURE_TENANT_ID: tenantId,
    AZURE_SUBSCRIPTION_ID: subscriptionId,
    ARM_TENANT_ID: tenantId,
    ARM_SUBSCRIPTION_ID: subscriptionId,
  };
  // "prod" keeps DefaultAzureCredential from tools that are signed in to the real Azure, "dev" from
  // everything but tools. Older releases do not read it.
  switch (principal.kind) {
    case "application":
      return {
        ...directory,
        AZURE_CLIENT_ID: principal.clientId,
        AZURE_CLIENT_SECRET: principal.clientSecret,
        ARM_CLIENT_ID: principal.clientId,
        ARM_CLIENT_SECRET: principal.clientSecret,
        AZURE_TOKEN_CREDENTIALS: "prod",
      };
    case "user":
      return { ...directory, AZURE_TOKEN_CREDENTIALS: "dev" };
    case "managedIdentity":
      return {
        ...directory,
        IDENTITY_ENDPOINT: principal.endpoint,
        IDENTITY_HEADER: principal.header,
        ...(principal.clientId && { AZURE_CLIENT_ID: principal.clientId }),
        AZURE_TOKEN_CREDENTIALS: "prod",
      };
    default:
      return principal satisfies never;
  }
}

/**
 * The JVM has no trust store or proxy variable; every JVM reads JAVA_TOOL_OPTIONS. User and password
 * are read by clients that look for them (Azure SDK, Apache HttpClient), not by the JDK itself.
 */
function javaVariables(
  { proxyUrl, credential }: ExecEnvironmentOptions,
  { trustStoreFile, trustStorePassword }: NonNullable<ExecEnvironmentOptions["java"]>,
  inherited: Environment,
): Record<string, string> {
  const { hostname, port } = new URL(proxyUrl);
  const properties = {
    "javax.net.ssl.trustStore": trustStoreFile,
    "javax.net.ssl.trustStorePassword": trustStorePassword,
    "https.proxyHost": hostname,
    "https.proxyPort": port,
    "https.proxyUser": credential.user,
    "https.proxyPassword": credential.password,
    // The JDK refuses Basic authentication for CONNECT unless this is empty.
    "jdk.http.auth.tunneling.disabledSchemes": "",
  };
  const flags = Object.entries(properties).map(([name, value]) => `"-D${name}=${value}"`);
  return { JAVA_TOOL_OPTIONS: [inherited.JAVA_TOOL_OPTIONS, ...flags].filter(Boolean).join(" ") };
}

/**
 * `npx callosum exec` puts our node_modules/.bin, and so our Node, before the caller's PATH and adds
 * its own settings. The command is the caller's and must not see them; under `npm run` it belongs to
 * the script, and PATH is as the script expects it.
 */
function withoutNpx(inherited: Environment): Environment {
  if (inherited.npm_lifecycle_event !== "npx") return inherited;
  const own = /^(npm_.*|INIT_CWD|NODE)$/;
  const kept = Object.entries(inherited).filter(([name]) => !own.test(name));
  const entries = (inherited.PATH ?? "").split(delimiter);
  // npm ends what it prepends with this directory.
  const last = entries.findIndex((entry) => /[\\/]node-gyp-bin$/.test(entry));
  return { ...Object.fromEntries(kept), PATH: entries.slice(last + 1).join(delimiter) };
}
