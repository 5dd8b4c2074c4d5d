// What the studio costs a person: bytes of the first load and of the whole app, and the time from the
// first byte asked for until the page answers to the keyboard; how a list of 10,000 rows behaves.
// `npm run bench -- studio`.

import { gzipSync } from "node:zlib";
import type { Browser, Locator, Page } from "playwright-core";
import { launchChromium } from "../tests/e2e/chromium.ts";
import { prepareStory } from "../tests/e2e/story.ts";
import { signIn } from "../tests/e2e/studio.ts";
import { ownerOf } from "../tests/e2e/user.ts";
import { startServer, type TestServer } from "../tests/fixture/server.ts";

const rounds = process.argv.includes("--quick") ? 3 : 11;
const rowCount = 10_000;
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

/** Resources enough for the longest list that must stay smooth. */
async function makeResources(server: TestServer): Promise<void> {
  const location = "westeurope";
  const group = `${server.subscription}/resourceGroups/many`;
  await server.admin.send("PUT", `${group}?api-version=2022-09-01`, { location });
  const body = { location, kind: "web", properties: { Application_Type: "web" } };
  let next = 0;
  const work = async () => {
    for (let at = next; at < rowCount; at = next) {
      next += 1;
      const id = `${group}/providers/Microsoft.Insights/components/insights${at}`;
      const { status, text } = await server.admin.send("PUT", `${id}?api-version=2020-02-02`, body);
      if (status >= 300) throw new Error(text);
    }
  };
  await Promise.all(Array.from({ length: 32 }, work));
}

/** How long a list of many rows takes to come, to be filtered and to be sorted. */
async function measureList(browser: Browser, server: TestServer): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const timed = async (what: string, act: () => Promise<unknown>, seen: Locator) => {
    const startedMs = performance.now();
    await act();
    await seen.first().waitFor();
    console.log(`  ${(performance.now() - startedMs).toFixed(0).padStart(5)} ms  ${what}`);
  };
  await page.goto(`${server.contract.origin}/studio/`);
  await signIn(page, ownerOf(server));
  await ready(page);
  const portal = page.getByRole("navigation", { name: "Portal" });
  const all = portal.getByRole("link", { name: "All resources" });
  const grid = page.getByRole("table", { name: "Resources" });
  await timed("opened, all counted", () => all.click(), page.getByText(/^1\d,\d{3} items$/));
  const filter = page.getByLabel("Filter Resources");
  await timed("filtered", () => filter.fill("insights9876"), page.getByText(/^1 of /));
  await filter.clear();
  const name = grid.getByRole("columnheader", { name: "Name" });
  const sort = name.getByRole("button").or(name).first();
  await timed("sorted", () => sort.click(), grid.locator("[aria-sort=ascending]"));
  await context.close();
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
    await makeResources(server);
    console.log(`a list of ${rowCount.toLocaleString("en")} resources:`);
    await measureList(browser, server);
  } finally {
    await browser.close();
    await server.close();
  }
}

await main();
