// Links to bytes that need no token, as the service's signed URLs: the link itself says what it opens and
// until when, sealed with the instance's key.

import type { Route } from "../../http/route.ts";
import type { KeptFile } from "./content-store.ts";
import { failModel } from "./error-catalogue.ts";
import type { RegionalCall, RegistryServices } from "./workspace-call.ts";

const lifetimeMs = 60 * 60 * 1000;
const owner = "/machine-learning/content";
const purpose = "link";

interface Grant {
  readonly file: KeptFile;
  readonly name: string;
  readonly expiresMs: number;
}

export function contentLink(
  { services, call }: Pick<RegionalCall, "services" | "call">,
  file: KeptFile & { readonly path?: string },
): string {
  const { fileId, sha256, length, path = "" } = file;
  const grant: Grant = {
    file: { fileId, sha256, length },
    name: path.split("/").at(-1) ?? "",
    expiresMs: services.clock.now().getTime() + lifetimeMs,
  };
  const sealed = services.secrets.seal(owner, purpose, JSON.stringify(grant));
  const base = call.origin.base("ml", call.params.region ?? "");
  return `${base}/artifact/v2.0/signed/${Buffer.from(sealed).toString("base64url")}`;
}

export function contentLinkRoute(services: RegistryServices): Route {
  return {
    plane: "ml",
    method: "GET",
    path: "/:region/artifact/v2.0/signed/:link",
    source: "OpenAPI artifact 2019-09-30: contentUri needs no token",
    summary: "Bytes behind a signed link",
    access: "public",
    async handle(call) {
      const grant = openGrant(services, call.params.link ?? "");
      const { file, name } = grant;
      return {
        status: 200,
        headers: {
          "content-type": "application/octet-stream",
          "content-length": String(file.length),
          "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
          "x-content-type-options": "nosniff",
        },
        body: services.content.stream(file),
      };
    },
  };
}

function openGrant(services: RegistryServices, link: string): Grant {
  const grant = unseal(services, link);
  if (
    grant &&
    grant.expiresMs > services.clock.now().getTime() &&
    services.content.has(grant.file)
  ) {
    return grant;
  }
  throw failModel.LinkInvalid({});
}

function unseal(services: RegistryServices, link: string): Grant | undefined {
  try {
    return JSON.parse(services.secrets.open(owner, purpose, Buffer.from(link, "base64url")));
  } catch {
    return undefined;
  }
}
