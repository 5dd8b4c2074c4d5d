// The planes and how a request finds its own: by Host first, by path form second (design.md §1).
// Both forms become one internal path, `/{plane}/{subject}/{rest}`, that no client can send itself.

export type PlaneName =
  | "login"
  | "graph"
  | "arm"
  | "synapse"
  | "ml"
  | "storage"
  | "sql"
  | "vault"
  | "studio"
  | "own";

/** How absolute URLs are written in answers: as the request came. */
export interface Origin {
  readonly form: "host" | "path";
  /** `https://localhost:8443`, without a slash at the end. */
  readonly own: string;
  /**
   * The base URL of a plane for a subject (workspace, region, `account/blob`, vault), no slash at the
   * end. Planes that exist in one form only (vault, studio) ignore the request's.
   */
  base(plane: PlaneName, subject?: string): string;
}

export interface Target {
  readonly plane: PlaneName;
  /** `/{plane}/{subject}/{rest}` with query; what the router sees. */
  readonly internalUrl: string;
  readonly form: "host" | "path";
}

interface HostRule {
  readonly plane: PlaneName;
  /** Matches the whole host name; the first group is the subject. */
  readonly pattern: RegExp;
  readonly subject: boolean;
  /** Azure's host for a subject. */
  azureHost(subject: string): string;
}

const label = "([a-z0-9][a-z0-9-]*)";

const hostRules: readonly HostRule[] = [
  host(
    "login",
    /^login\.(?:microsoftonline\.com|windows\.net)$|^sts\.windows\.net$/,
    "login.microsoftonline.com",
  ),
  host("graph", /^graph\.microsoft\.com$/, "graph.microsoft.com"),
  host("arm", /^management\.(?:azure\.com|core\.windows\.net)$/, "management.azure.com"),
  subjectHost(
    "synapse",
    `^${label}\\.dev\\.azuresynapse\\.net$`,
    (name) => `${name}.dev.azuresynapse.net`,
  ),
  // SDK v1 takes the host of an upload link apart as if it were a storage account's and asks `blob`.
  subjectHost("ml", `^${label}\\.(?:api|blob)\\.azureml\\.ms$`, (name) => `${name}.api.azureml.ms`),
  subjectHost("vault", `^${label}\\.vault\\.azure\\.net$`, (name) => `${name}.vault.azure.net`),
  subjectHost(
    "sql",
    `^${label}\\.sql\\.azuresynapse\\.net$`,
    (name) => `${name}.sql.azuresynapse.net`,
  ),
  {
    plane: "storage",
    pattern: new RegExp(`^${label}\\.(blob|dfs)\\.core\\.windows\\.net$`),
    subject: true,
    azureHost: (subject) => `${subject.replace("/", ".")}.core.windows.net`,
  },
];

function host(plane: PlaneName, pattern: RegExp, azureHost: string): HostRule {
  return { plane, pattern, subject: false, azureHost: () => azureHost };
}

function subjectHost(
  plane: PlaneName,
  pattern: string,
  azureHost: (name: string) => string,
): HostRule {
  return { plane, pattern: new RegExp(pattern), subject: true, azureHost };
}

/** Whether a host name is one of Azure's that end here: the table for proxy and certificates. */
export function isAzureHost(hostName: string): boolean {
  const name = hostName.toLowerCase();
  return hostRules.some((rule) => rule.pattern.test(name));
}

/**
 * Finds the plane of a request. `ownHosts` are the names under which our own origin is reached,
 * lower case, with port. Undefined: the host is unknown and the request must be refused.
 */
export function findTarget(
  request: { host: string; url: string; isTenant: (segment: string) => boolean },
  ownHosts: ReadonlySet<string>,
): Target | undefined {
  const hostName = request.host.toLowerCase();
  const url = collapseSlashes(request.url);
  if (ownHosts.has(hostName)) return ownTarget(url, request.isTenant);
  const name = hostName.replace(/:443$/, "");
  for (const rule of hostRules) {
    const match = rule.pattern.exec(name);
    if (!match) continue;
    const subject = rule.subject ? `/${match.slice(1).join("/")}` : "";
    return { plane: rule.plane, internalUrl: `/${rule.plane}${subject}${url}`, form: "host" };
  }
  return undefined;
}

function collapseSlashes(url: string): string {
  const queryStart = url.indexOf("?");
  const path = queryStart === -1 ? url : url.slice(0, queryStart);
  if (!path.includes("//")) return url;
  return path.replace(/\/{2,}/g, "/") + (queryStart === -1 ? "" : url.slice(queryStart));
}

const armRoots = new Set(["subscriptions", "providers", "tenants", "metadata"]);
const subjectRoots = new Set(["synapse", "ml", "storage", "sql"]);

/** The path form on our own origin: `/{tenant}/…`, `/subscriptions/…`, `/synapse/{ws}/…`, … */
function ownTarget(url: string, isTenant: (segment: string) => boolean): Target {
  const first = (/^\/([^/?]*)/.exec(url)?.[1] ?? "").toLowerCase();
  const path = (plane: PlaneName, internalUrl: string): Target => ({
    plane,
    internalUrl,
    form: "path",
  });
  if (armRoots.has(first)) return path("arm", `/arm${url}`);
  if (subjectRoots.has(first))
    return path(first as PlaneName, `/${first}${url.slice(first.length + 1)}`);
  if (first === "graph") return path("graph", `/graph${url.slice("/graph".length)}`);
  if (first === "studio") return path("studio", url);
  if (isTenant(first)) return path("login", `/login${url}`);
  return path("own", `/own${url}`);
}

/** How answers to a request name other places. */
export function originOf(options: { form: "host" | "path"; own: string }): Origin {
  const { form, own } = options;
  return {
    form,
    own,
    base(plane, subject = "") {
      if (plane === "studio") return `${own}/studio`;
      const rule = hostRules.find((candidate) => candidate.plane === plane);
      if (rule && (form === "host" || plane === "vault"))
        return `https://${rule.azureHost(subject)}`;
      if (plane === "arm" || plane === "login" || plane === "own") return own;
      return subject === "" ? `${own}/${plane}` : `${own}/${plane}/${subject}`;
    },
  };
}
