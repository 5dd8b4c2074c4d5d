import assert from "node:assert/strict";
import { test } from "node:test";
import { type ExecEnvironmentOptions, type ExecPrincipal, execEnvironment } from "./environment.ts";

const options: ExecEnvironmentOptions = {
  inherited: {},
  proxyUrl: "http://127.0.0.1:8442",
  credential: { user: "eyJpZCI6IjEifQ", password: "s3cret_-" },
  bundleFile: "/state/ca-bundle.pem",
  stateDirectory: "/state",
  browser: "/state/sign-in",
  tenantId: "tenant",
  subscriptionId: "subscription",
  principal: { kind: "user" },
};

const withInherited = (inherited: Record<string, string>) =>
  execEnvironment({ ...options, inherited });

test("clients find the proxy and the bundle", () => {
  const proxy = "http://eyJpZCI6IjEifQ:s3cret_-@127.0.0.1:8442";
  const environment = execEnvironment(options);
  const rows = {
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    NODE_USE_ENV_PROXY: "1",
    NODE_EXTRA_CA_CERTS: "/state/ca-bundle.pem",
    SSL_CERT_FILE: "/state/ca-bundle.pem",
    REQUESTS_CA_BUNDLE: "/state/ca-bundle.pem",
    CURL_CA_BUNDLE: "/state/ca-bundle.pem",
    BROWSER: "/state/sign-in",
    AZURE_CONFIG_DIR: "/state/azure",
    AZD_CONFIG_DIR: "/state/azd",
    AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:8442",
  };
  for (const [name, value] of Object.entries(rows)) assert.equal(environment[name], value, name);
});

test("nothing of the caller's own sign-in or proxy is passed on", () => {
  const inherited = Object.fromEntries(
    [
      "AZURE_CLIENT_SECRET AZURE_FEDERATED_TOKEN_FILE AZURE_AUTHORITY_HOST AZURE_STORAGE_KEY",
      "AZURE_USERNAME AZURE_PASSWORD AZURE_CLIENT_CERTIFICATE_PATH azure_client_id",
      "ARM_CLIENT_SECRET ARM_USE_MSI ARM_OIDC_TOKEN ARM_METADATA_HOSTNAME ARM_CLOUD_METADATA_URL",
      "IDENTITY_ENDPOINT IDENTITY_HEADER IDENTITY_SERVER_THUMBPRINT IMDS_ENDPOINT",
      "MSI_ENDPOINT MSI_SECRET MSAL_FORCE_REGION ADAL_PYTHON_SSL_NO_VERIFY",
      "AZUREML_RUN_TOKEN MLFLOW_TRACKING_TOKEN AZCOPY_SPA_CLIENT_SECRET",
      "ACTIONS_ID_TOKEN_REQUEST_TOKEN ACTIONS_ID_TOKEN_REQUEST_URL SYSTEM_ACCESSTOKEN",
      "HTTP_PROXY http_proxy HTTPS_PROXY https_proxy ALL_PROXY all_proxy NO_PROXY no_proxy",
      "npm_config_proxy npm_config_https_proxy npm_config_noproxy",
      "SSL_CERT_FILE REQUESTS_CA_BUNDLE BROWSER",
    ]
      .join(" ")
      .split(" ")
      .map((name) => [name, "inherited-value"]),
  );
  const environment = withInherited(inherited);
  const passedOn = Object.keys(environment).filter((name) =>
    environment[name]!.includes("inherited-value"),
  );
  assert.deepEqual(passedOn, []);
  assert.equal("NO_PROXY" in environment || "no_proxy" in environment, false);
});

test("everything else is the caller's: PATH, home, and names that only look alike", () => {
  const inherited = {
    PATH: "/usr/local/bin:/usr/bin",
    HOME: "/home/ada",
    LANG: "C.UTF-8",
    ARMOR: "kept",
    SYSTEM_ACCESSTOKENS: "kept",
    NODE_OPTIONS: "--max-old-space-size=100",
  };
  const environment = withInherited(inherited);
  for (const [name, value] of Object.entries(inherited)) {
    assert.equal(environment[name], value, name);
  }
});

test("each kind of principal gets its variables and no others", () => {
  const directory = {
    AZURE_TENANT_ID: "tenant",
    AZURE_SUBSCRIPTION_ID: "subscription",
    ARM_TENANT_ID: "tenant",
    ARM_SUBSCRIPTION_ID: "subscription",
  };
  const rows: [ExecPrincipal, Record<string, string>][] = [
    [{ kind: "user" }, { ...directory, AZURE_TOKEN_CREDENTIALS: "dev" }],
    [
      { kind: "application", clientId: "app", clientSecret: "secret" },
      {
        ...directory,
        AZURE_CLIENT_ID: "app",
        AZURE_CLIENT_SECRET: "secret",
        ARM_CLIENT_ID: "app",
        ARM_CLIENT_SECRET: "secret",
        AZURE_TOKEN_CREDENTIALS: "prod",
      },
    ],
    [
      { kind: "managedIdentity", endpoint: "https://localhost:8443/msi/token", header: "h" },
      {
        ...directory,
        IDENTITY_ENDPOINT: "https://localhost:8443/msi/token",
        IDENTITY_HEADER: "h",
        AZURE_TOKEN_CREDENTIALS: "prod",
      },
    ],
    [
      { kind: "managedIdentity", endpoint: "https://x", header: "h", clientId: "assigned" },
      {
        ...directory,
        IDENTITY_ENDPOINT: "https://x",
        IDENTITY_HEADER: "h",
        AZURE_CLIENT_ID: "assigned",
        AZURE_TOKEN_CREDENTIALS: "prod",
      },
    ],
  ];
  const isPrincipal =
    /^(ARM_|IDENTITY_|AZURE_(CLIENT|TENANT|SUBSCRIPTION|TOKEN|USERNAME|PASSWORD))/;
  for (const [principal, expected] of rows) {
    const environment = execEnvironment({ ...options, principal });
    const actual = Object.entries(environment).filter(([name]) => isPrincipal.test(name));
    assert.deepEqual(Object.fromEntries(actual), expected);
  }
});

test("az finds the extensions that the caller has installed", () => {
  const rows = [
    [{ HOME: "/home/ada" }, "/home/ada/.azure/cliextensions"],
    [{ HOME: "/home/ada", AZURE_CONFIG_DIR: "/etc/az" }, "/etc/az/cliextensions"],
    [{ HOME: "/home/ada", AZURE_EXTENSION_DIR: "/opt/ext" }, "/opt/ext"],
  ] as const;
  for (const [inherited, expected] of rows) {
    assert.equal(withInherited(inherited).AZURE_EXTENSION_DIR, expected);
  }
});

test("another home moves every directory that follows it", () => {
  const inherited = { HOME: "/home/ada", XDG_DATA_HOME: "/home/ada/data" };
  const environment = execEnvironment({ ...options, inherited, home: "/tmp/home" });
  assert.equal(environment.HOME, "/tmp/home");
  assert.equal(environment.XDG_DATA_HOME, "/tmp/home/.local/share");
  assert.equal(environment.XDG_CACHE_HOME, "/tmp/home/.cache");
});

test("npx's own PATH and settings are not the command's; those of npm run are", () => {
  const npx = [
    "/repo/node_modules/.bin",
    "/node_modules/.bin",
    "/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin",
  ];
  const inherited = {
    PATH: [...npx, "/other/node_modules/.bin", "/usr/bin"].join(":"),
    npm_config_yes: "",
    npm_package_json: "/repo/package.json",
    INIT_CWD: "/repo",
    NODE: "/repo/node_modules/.bin/node",
    NODE_OPTIONS: "--trace-warnings",
  };
  const under = (npm_lifecycle_event: string) =>
    withInherited({ ...inherited, npm_lifecycle_event });
  const environment = under("npx");
  assert.equal(environment.PATH, "/other/node_modules/.bin:/usr/bin");
  assert.equal(environment.NODE_OPTIONS, "--trace-warnings");
  for (const name of ["npm_config_yes", "npm_package_json", "INIT_CWD", "NODE"]) {
    assert.equal(name in environment, false, name);
  }
  assert.equal(under("story").PATH, inherited.PATH);
  assert.equal(under("story").npm_package_json, "/repo/package.json");
});

test("--java adds to what the caller already tells the JVM", () => {
  const environment = execEnvironment({
    ...options,
    inherited: { JAVA_TOOL_OPTIONS: "-Xmx1g" },
    java: { trustStoreFile: "/a directory/java.keystore", trustStorePassword: "changeit" },
  });
  const flags = environment.JAVA_TOOL_OPTIONS!;
  assert.ok(flags.startsWith("-Xmx1g "));
  for (const property of [
    '"-Djavax.net.ssl.trustStore=/a directory/java.keystore"',
    '"-Dhttps.proxyHost=127.0.0.1"',
    '"-Dhttps.proxyPort=8442"',
    '"-Dhttps.proxyUser=eyJpZCI6IjEifQ"',
  ]) {
    assert.ok(flags.includes(property), property);
  }
  assert.equal("JAVA_TOOL_OPTIONS" in execEnvironment(options), false);
});
