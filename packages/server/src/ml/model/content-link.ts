// Links to bytes that need no token, as the service's signed URLs: the link itself says what it opens and
// until when, sealed with the instance's key. One kind is read, another is written once per artifact.

import { fail } from "@callosum/contract/error-catalogue.ts";
import type { Answer, Route } from "../../http/route.ts";
import { findArtifact } from "./artifact-document.ts";
import { keepArtifact, type Upload } from "./artifact-upload.ts";
import type { KeptFile } from "./content-store.ts";
import { failModel } from "./error-catalogue.ts";
import type { RegionalCall, RegistryServices } from "./workspace-call.ts";

const lifetimeMs = 60 * 60 * 1000;
const owner = "/machine-learning/content";
const source = "OpenAPI artifact 2019-09-30: contentUri needs no token";

interface ReadGrant {
  readonly file: KeptFile;
  readonly name: string;
}

type Opened = Pick<RegionalCall, "services" | "call">;

export function contentLink(opened: Opened, file: KeptFile & { readonly path?: string }): string {
  const { fileId, sha256, length, path = "" } = file;
  const name = path.split("/").at(-1) ?? "";
  return linkTo<ReadGrant>(opened, "read", { file: { fileId, sha256, length }, name });
}

/** Takes one file, sent as blob clients send small ones: in one PUT. */
export function uploadLink(opened: Opened, upload: Upload): string {
  return linkTo<Upload>(opened, "write", upload);
}

function linkTo<Grant>(
  { services, call }: Opened,
  purpose: "read" | "write",
  grant: Grant,
): string {
  const expiresMs = services.clock.now().getTime() + lifetimeMs;
  const sealed = services.secrets.seal(owner, purpose, JSON.stringify({ grant, expiresMs }));
  const base = call.origin.base("ml", call.params.region ?? "");
  // Blob clients tell a signed URL by these names; only `sig` counts.
  const query = new URLSearchParams({
    sv: "2021-08-06",
    sr: "b",
    sp: purpose === "read" ? "r" : "cw",
    se: new Date(expiresMs).toISOString(),
    sig: Buffer.from(sealed).toString("base64url"),
  });
  return `${base}/artifact/v2.0/signed/content?${query}`;
}

export function contentLinkRoutes(services: RegistryServices): Route[] {
  const route = { plane: "ml", path: "/:region/artifact/v2.0/signed/content", source } as const;
  return [
    {
      ...route,
      method: "GET",
      summary: "Bytes behind a signed link",
      access: "public",
      async handle({ query }) {
        const { file, name } = openGrant<ReadGrant>(services, "read", query.get("sig") ?? "");
        if (!services.content.has(file)) throw failModel.LinkInvalid({});
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
    },
    {
      ...route,
      method: "HEAD",
      summary: "What was put behind a signed link: blob clients look after they have written",
      access: "public",
      handle: ({ query }) => lookBehind(services, query.get("sig") ?? ""),
    },
    {
      ...route,
      method: "PUT",
      summary: "An artifact's bytes, to a signed link",
      access: "public",
      body: "stream",
      async handle(call) {
        const upload = openGrant<Upload>(services, "write", call.query.get("sig") ?? "");
        if (call.query.has("comp")) {
          throw fail.NotSupportedHere({
            what: "An artifact in blocks",
            reason: "send it in one request, or to …/content?path= with a token",
          });
        }
        const { etag, body } = await keepArtifact(services, {
          ...upload,
          call,
          allowOverwrite: false,
        });
        const headers = {
          etag: `"${etag}"`,
          "last-modified": new Date(body.createdTime).toUTCString(),
          "x-ms-request-server-encrypted": "false",
        };
        return { status: 201, headers };
      },
    },
  ];
}

async function lookBehind(services: RegistryServices, link: string): Promise<Answer> {
  const grant = openGrant<Upload>(services, "write", link);
  const found = await findArtifact(services.store.read, grant.key, grant.name);
  if (!found) throw failModel.LinkInvalid({});
  const { file, createdTime } = found.body;
  return {
    status: 200,
    headers: {
      etag: `"${found.etag}"`,
      "last-modified": new Date(createdTime).toUTCString(),
      "content-type": "application/octet-stream",
      "content-length": String(file.length),
      "x-ms-blob-type": "BlockBlob",
      "accept-ranges": "bytes",
    },
  };
}

function openGrant<Grant>(services: RegistryServices, purpose: string, link: string): Grant {
  const opened = unseal<Grant>(services, purpose, link);
  if (opened && opened.expiresMs > services.clock.now().getTime()) return opened.grant;
  throw failModel.LinkInvalid({});
}

function unseal<Grant>(
  services: RegistryServices,
  purpose: string,
  link: string,
): { grant: Grant; expiresMs: number } | undefined {
  try {
    return JSON.parse(services.secrets.open(owner, purpose, Buffer.from(link, "base64url")));
  } catch {
    return undefined;
  }
}
