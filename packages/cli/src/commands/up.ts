// `callosum up`: the server in this process, until it is told to stop; --detach leaves it to a child.

import type { Contract, Running } from "@callosum/server/main.ts";
import {
  CommandError,
  type CommandRequest,
  defineCommand,
  type Outcome,
  usageError,
} from "../command.ts";
import { removeContract, writeContract } from "../instance.ts";
import { type Terminal, tableLines } from "../terminal.ts";

const logLevels = ["debug", "info", "warn", "error"] as const;

export const up = defineCommand({
  name: "up",
  summary: "Start the instance of the directory, in the foreground",
  description:
    "The first start makes a tenant, a subscription, an Owner application and an Owner user. Ctrl-C, SIGTERM or 'callosum down' stops cleanly; a kill loses nothing that was acknowledged.",
  arguments: [],
  options: {
    detach: { kind: "flag", summary: "Go to the background once it serves" },
    port: { kind: "port", summary: "HTTPS port of every plane", otherwise: "8443" },
    "proxy-port": { kind: "port", summary: "Port of the proxy for exec", otherwise: "8442" },
    "sql-port": { kind: "port", summary: "TDS port of the SQL pools", otherwise: "1433" },
    host: {
      kind: "text",
      value: "ADDRESS",
      summary: "Address to listen on",
      otherwise: "127.0.0.1",
    },
    location: {
      kind: "text",
      value: "REGION",
      summary: "Region of a new instance",
      otherwise: "westeurope",
    },
    "propagation-delay": {
      kind: "duration",
      summary: "Role changes count only after so long, as in Azure",
      otherwise: "0s",
    },
    "operation-delay": {
      kind: "duration",
      summary: "Long-running operations take so long, as in Azure",
      otherwise: "0s",
    },
    "fetch-host": {
      kind: "list",
      value: "HOST",
      summary: "Linked templates may be fetched from it; *.HOST for all below one",
    },
    "log-level": {
      kind: "text",
      value: "LEVEL",
      summary: "Lowest level that is logged on stderr",
      choices: logLevels,
      otherwise: "warn",
    },
    open: { kind: "flag", summary: "Open the studio in a browser" },
  },
  examples: [
    { command: "callosum up", summary: "Start in the foreground" },
    { command: "callosum up --detach", summary: "Start in the background; logs go to server.log" },
    {
      command: "callosum up --json --data ./instance --port 0 --proxy-port 0 --sql-port 0",
      summary: "One more, on free ports; prints its contract when it serves",
    },
  ],
  async run(request): Promise<Outcome> {
    const { options, dataDirectory, environment, isJson, terminal } = request;
    if (options.detach) {
      const { startDetached } = await import("../detach.ts");
      const { canOpenBrowser } = await import("../open-browser.ts");
      if (options.open && !canOpenBrowser(environment)) {
        throw usageError("There is no desktop to open a browser on: leave --open or --detach out.");
      }
      const contract = await startDetached(request);
      return { json: contract, text: banner(contract, { terminal, isDetached: true }) };
    }
    const { start } = await import("@callosum/server/main.ts");
    const running = await start({
      dataDirectory,
      environment,
      logLevel: options["log-level"] ?? "warn",
      ...given("host", options.host),
      ...given("port", options.port),
      ...given("proxyPort", options["proxy-port"]),
      ...given("sqlPort", options["sql-port"]),
      ...given("location", options.location),
      ...given("propagationDelayMs", options["propagation-delay"]),
      ...given("operationDelayMs", options["operation-delay"]),
      fetchHosts: options["fetch-host"],
    }).catch((error) => {
      throw explainStart(error);
    });
    const { contract } = running;
    const stopped = untilStopped();
    const { answerCopyRequests } = await import("../snapshot/request.ts");
    const endCopyRequests = answerCopyRequests(dataDirectory);
    writeContract(dataDirectory, contract);
    if (isJson) terminal.print(JSON.stringify(contract));
    else for (const line of banner(contract, { terminal, isDetached: false })) terminal.print(line);
    if (options.open) await openStudio(running, request);
    await stopped;
    endCopyRequests();
    removeContract(dataDirectory);
    await running.close();
    return isJson ? {} : { text: ["Stopped."] };
  },
});

function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}

/** The first SIGINT, SIGTERM or SIGHUP; a second one ends the process where it stands. */
function untilStopped(): Promise<void> {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  return new Promise((resolve) => {
    const stop = () => {
      for (const signal of signals) process.off(signal, stop);
      resolve();
    };
    for (const signal of signals) process.on(signal, stop);
  });
}

function explainStart(error: unknown): unknown {
  const { code, port, syscall, address } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
  };
  if (syscall !== "listen") return error;
  if (code === "EADDRINUSE") {
    return new CommandError({
      code: "PortInUse",
      message: `Port ${port} is taken by another program.`,
      hint: "Choose others with --port, --proxy-port and --sql-port; 0 takes free ones.",
    });
  }
  if (code === "EACCES") {
    return usageError(`Port ${port} needs more rights than this user has: choose one above 1023.`);
  }
  if (code === "EADDRNOTAVAIL") return usageError(`${address} is no address of this machine.`);
  return error;
}

/** Signs the browser in as the Owner user by a link that works once. */
async function openStudio(
  { contract, internals }: Running,
  { environment, terminal }: Pick<CommandRequest, "environment" | "terminal">,
): Promise<void> {
  const { createSignInLink } = await import("@callosum/server/identity/sign-in/link.ts");
  const { systemClock, systemRandom } = await import("@callosum/server/platform/system.ts");
  const { canOpenBrowser, openInBrowser } = await import("../open-browser.ts");
  const link = await createSignInLink(
    {
      store: internals.store,
      clock: systemClock,
      random: systemRandom,
      tenantId: contract.tenantId,
    },
    { origin: contract.origin, objectId: contract.user.objectId },
  );
  if (canOpenBrowser(environment)) openInBrowser(link, environment);
  else terminal.note(`Open within a minute, it works once: ${link}`);
}

function banner(
  contract: Contract,
  { terminal, isDetached }: { terminal: Terminal; isDetached: boolean },
): string[] {
  const { paint } = terminal;
  const { origin, proxy, dataDir, subscriptionId, tenantId, user, endpoints, pid } = contract;
  const data =
    process.env.CALLOSUM_DATA === dataDir || dataDir.endsWith("/.callosum") ? "" : dataDir;
  const named = data && ` --data ${data}`;
  return [
    `${paint("bold", "Callosum")} serves at ${paint("cyan", origin)} ${paint("dim", `(pid ${pid})`)}`,
    "",
    ...tableLines([
      ["  studio", endpoints.studio],
      ["  sign in as", `${user.upn}, password in ${user.passwordFile}`],
      ["  tenant", tenantId],
      ["  subscription", subscriptionId],
      ["  proxy", `${proxy} (used by exec)`],
      ["  data", dataDir],
    ]),
    "",
    `Try:   ${paint("cyan", `callosum exec${named} -- <your program>`)}`,
    `Stop:  ${paint("cyan", isDetached ? `callosum down${named}` : "Ctrl-C")}`,
  ];
}
