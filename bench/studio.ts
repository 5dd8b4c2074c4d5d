// What the studio costs a person: bytes of the first load and of the whole app, and the time from the
// first byte asked for until the page answers to the keyboard. `npm run bench -- studio`.

import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../tests/e2e/chromium.ts";
import { prepareStory } from "../tests/e2e/story.ts";
import { signIn } from "../tests/e2e/studio.ts";
import { ownerOf } from "../tests/e2e/user.ts";
import { startServer, type TestServer } from "../tests/fixture/server.ts";

const rounds = process.argv.includes("--quick") ? 3 : 11;
/** What the issue allows the first load, before the editor. */
const firstLoadMax = 350_000;

interface Loaded {
  readonly files: ReadonlyMap<string, number>;
  readonly readyMs: number;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`;
const total = (files: ReadonlyMap<string, number>) =>
  [...files.values()].reduce((sum, bytes) => sum + bytes, 0);

/** Everything of the app that a page asked for, by address, gzipped. */
function countFiles(page: Page): { files: Map<string, number>; done(): Promise<unknown> } {
  const files = new Map<string, number>();
  const running: Promise<unknown>[] = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.startsWith("/studio/") || response.status() !== 200) return;
    if (/^\/studio\/(?:definition|connector)/.test(pathname)) return;
    const name = pathname === "/studio/" || !pathname.includes(".") ? "index.html" : pathname;
    running.push(
      response.body().then(
        (body) => files.set(name, gzipSync(body).length),
        () => {},
      ),
    );
  });
  return { files, done: () => Promise.all(running) };
}

/** Signs in, then opens the studio anew in the same context: with its files or without. */
async function openStudio(
  browser: Browser,
  server: TestServer,
  { isCached, path }: { isCached: boolean; path: string },
): Promise<Loaded> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const address = `${server.contract.origin}/studio${path}`;
    const first = await context.newPage();
    // The session's cookie is wanted, the app's files are not.
    if (!isCached) await first.route("**/studio/assets/**", (route) => route.abort());
    await first.goto(
      `${server.contract.origin}/organizations/oauth2/v2.0/authorize?${await signInQuery(server)}`,
    );
    await signIn(first, ownerOf(server));
    await first.waitForURL(/\/studio\//);
    if (isCached) await ready(first);
    await first.close();
    const page = await context.newPage();
    const counted = countFiles(page);
    const startedMs = performance.now();
    await page.goto(address, { waitUntil: "commit" });
    await ready(page);
    const readyMs = performance.now() - startedMs;
    await page.waitForLoadState("networkidle");
    await counted.done();
    return { files: counted.files, readyMs };
  } finally {
    await context.close();
  }
}

/** Interactive: the page's heading is there, and the account's button takes the focus. */
async function ready(page: Page): Promise<void> {
  await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
  await page.getByRole("button", { name: /^Account: / }).focus();
}

async function signInQuery({ contract }: TestServer): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", Buffer.from("a verifier of nobody's"));
  return new URLSearchParams({
    client_id: "c0117a11-0a50-4c11-8e55-7d1057d10517",
    response_type: "code",
    redirect_uri: `${contract.origin}/studio/`,
    scope: "https://management.azure.com/.default openid profile offline_access",
    code_challenge: Buffer.from(digest).toString("base64url"),
    code_challenge_method: "S256",
  }).toString();
}

async function measure(
  browser: Browser,
  server: TestServer,
  { isCached, path }: { isCached: boolean; path: string },
): Promise<Loaded> {
  const times: number[] = [];
  let last: Loaded | undefined;
  for (let round = 0; round < rounds; round += 1) {
    last = await openStudio(browser, server, { isCached, path });
    times.push(last.readyMs);
  }
  return { files: last?.files ?? new Map(), readyMs: median(times) };
}

async function main(): Promise<void> {
  const server = await startServer();
  const browser = await launchChromium(server.contract.origin);
  try {
    await prepareStory(server);
    const startedMs = performance.now();
    await server.nobody.send("GET", "/studio/");
    const builtMs = performance.now() - startedMs;
    const cold = await measure(browser, server, { isCached: false, path: "/" });
    const warm = await measure(browser, server, { isCached: true, path: "/" });
    const bytes = total(cold.files);
    for (const [name, size] of [...cold.files].sort((one, other) => other[1] - one[1])) {
      console.log(`  ${kilobytes(size).padStart(7)}  ${name}`);
    }
    console.log(
      `first load, gzipped: ${kilobytes(bytes)} in ${cold.files.size} files (limit ${kilobytes(firstLoadMax)}): ${bytes <= firstLoadMax ? "met" : "MISSED"}`,
    );
    console.log(
      `interactive, signed in, median of ${rounds}: ${cold.readyMs.toFixed(0)} ms without files, ${warm.readyMs.toFixed(0)} ms with; first request of the process ${builtMs.toFixed(0)} ms`,
    );
    if (bytes > firstLoadMax) process.exitCode = 1;
  } finally {
    await browser.close();
    await server.close();
  }
}

await main();
