// A person without a screen: opens our sign-in pages over HTTP, fills in the forms, presses the
// buttons. Also a program for BROWSER, `sign-in.ts ADDRESS`, with the person's name and password file
// and our authority in CALLOSUM_PERSON_*.

import { readFileSync } from "node:fs";
import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { fileURLToPath } from "node:url";
import type { Contract } from "@callosum/server/main.ts";

interface Person {
  readonly name: string;
  readonly password: string;
  readonly authority: string;
}

interface Page {
  readonly address: string;
  readonly text: string;
}

const stepsMax = 10;

function personOf({ user, caFile }: Pick<Contract, "user" | "caFile">): Person {
  return {
    name: user.upn,
    password: readFileSync(user.passwordFile, "utf8").trim(),
    authority: readFileSync(caFile, "utf8"),
  };
}

/** The environment of `callosum exec --as user` in which opening a browser signs the user in. */
export function browserEnvironment({ user, caFile }: Contract): NodeJS.ProcessEnv {
  return {
    ...process.env,
    // Clients of Linux open a browser only where there is a desktop.
    DISPLAY: ":0",
    BROWSER: fileURLToPath(new URL("sign-in.sh", import.meta.url)),
    CALLOSUM_PERSON_NODE: process.execPath,
    CALLOSUM_PERSON_NAME: user.upn,
    CALLOSUM_PERSON_PASSWORD_FILE: user.passwordFile,
    CALLOSUM_PERSON_AUTHORITY: caFile,
  };
}

/** Enters a device's code, signs in and approves. */
export async function enterDeviceCode(contract: Contract, code: string): Promise<void> {
  const browser = openBrowser(personOf(contract));
  const first = await browser.open(`${contract.origin}/common/oauth2/deviceauth`);
  await browser.through(await browser.submit(first, { otc: code, action: "code" }));
}

function openBrowser(person: Person) {
  const cookies = new Map<string, string>();

  async function go(address: string, body?: string): Promise<Page> {
    for (let step = 0, sent = body, at = address; step < stepsMax; step += 1, sent = undefined) {
      const reply = await send(at, sent);
      for (const line of reply.cookies) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      if (reply.target === undefined) return { address: at, text: reply.text };
      at = new URL(reply.target, at).href;
    }
    throw new Error(`${address} redirects for ever`);
  }

  function send(address: string, body: string | undefined) {
    const { protocol, origin } = new URL(address);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const form = { "content-type": "application/x-www-form-urlencoded", origin };
    const options = {
      method: body === undefined ? "GET" : "POST",
      headers: { cookie, ...(body === undefined ? {} : form) },
      ca: person.authority,
      agent: false,
    };
    return new Promise<{ text: string; cookies: string[]; target: string | undefined }>(
      (resolve, reject) => {
        const open = protocol === "https:" ? requestSecure : requestPlain;
        const request = open(address, options, (reply) => {
          let text = "";
          reply.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
          });
          reply.once("end", () => {
            const { location, "set-cookie": set = [] } = reply.headers;
            const isRedirect = [302, 303].includes(reply.statusCode ?? 0);
            resolve({ text, cookies: set, target: isRedirect ? location : undefined });
          });
        });
        request.once("error", reject);
        request.end(body);
      },
    );
  }

  function submit({ address, text }: Page, fields: Record<string, string>): Promise<Page> {
    const action = unescaped(/<form method="post" action="([^"]+)"/.exec(text)?.[1] ?? "");
    if (action === "") throw new Error(`There is no form at ${address}: ${text}`);
    const form = new URLSearchParams();
    for (const [, name = "", value = ""] of text.matchAll(
      /<input type="hidden" name="([^"]+)" value="([^"]*)"/g,
    )) {
      form.set(name, unescaped(value));
    }
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return go(new URL(action, address).href, form.toString());
  }

  /** Answers what our pages ask until one has no form of ours. */
  async function through(page: Page): Promise<Page> {
    if (page.text.includes('name="password"')) {
      const { name: username, password } = person;
      return through(await submit(page, { username, password, action: "password" }));
    }
    if (page.text.includes('value="approve"'))
      return through(await submit(page, { action: "approve" }));
    // The page that goes back to a client which wants its answer posted.
    if (page.text.includes("<button>Continue</button>")) return submit(page, {});
    return page;
  }

  return { open: (address: string) => go(address), submit, through };
}

function unescaped(text: string): string {
  return text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { CALLOSUM_PERSON_NAME, CALLOSUM_PERSON_PASSWORD_FILE, CALLOSUM_PERSON_AUTHORITY } =
    process.env;
  const user = {
    upn: CALLOSUM_PERSON_NAME ?? "",
    passwordFile: CALLOSUM_PERSON_PASSWORD_FILE ?? "",
    objectId: "",
  };
  const browser = openBrowser(personOf({ user, caFile: CALLOSUM_PERSON_AUTHORITY ?? "" }));
  await browser.through(await browser.open(process.argv[2] ?? ""));
}
