// A person's browser without script: keeps cookies, sends the form it was shown, follows redirects of
// our own origin only.

import type { Reply, TestServer } from "../../../../../tests/fixture/server.ts";

export interface Page extends Reply {
  /** Where the browser is; a foreign redirect is where it was sent and did not go. */
  readonly location: string;
}

export interface Browser {
  open(address: string, headers?: Record<string, string>): Promise<Page>;
  /** Sends the page's form with its hidden fields, what was typed, and the pressed button. */
  submit(
    page: Page,
    fields: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<Page>;
  readonly cookies: Map<string, string>;
}

export function createBrowser(server: TestServer): Browser {
  const { origin } = server.contract;
  const cookies = new Map<string, string>();

  async function go(
    method: string,
    address: string,
    options: { body?: string; headers?: Record<string, string> },
  ): Promise<Page> {
    const url = new URL(address, origin);
    if (url.origin !== origin) throw new Error(`The browser does not go to ${url.origin}.`);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const form = { "content-type": "application/x-www-form-urlencoded", origin };
    const reply = await server.nobody.send(method, url.pathname + url.search, options.body, {
      headers: { cookie, ...(options.body === undefined ? {} : form), ...options.headers },
    });
    keepCookies(reply);
    const target = reply.headers.location;
    if (reply.status !== 302 || typeof target !== "string") {
      return { ...reply, location: url.href };
    }
    const isOurs = new URL(target, url).origin === origin && !target.includes("/studio/");
    return isOurs ? go("GET", target, {}) : { ...reply, location: target };
  }

  function keepCookies({ headers }: Reply): void {
    for (const line of [headers["set-cookie"] ?? []].flat()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (line.includes("Max-Age=0")) cookies.delete(name);
      else cookies.set(name, value);
    }
  }

  return {
    cookies,
    open: (address, headers = {}) => go("GET", address, { headers }),
    submit(page, fields, headers = {}) {
      const action = unescaped(/<form method="post" action="([^"]+)"/.exec(page.text)?.[1] ?? "");
      const hidden = page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
      const form = new URLSearchParams();
      for (const [, name = "", value = ""] of hidden) form.set(name, unescaped(value));
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      return go("POST", action, { body: form.toString(), headers });
    },
  };
}

function unescaped(text: string): string {
  return text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}
