// A test of the studio: an instance of its own a file, one browser, a fresh context a test. The test
// fails on anything that the page logged as an error, on any request outside, and leaves a picture
// where CALLOSUM_SCREENSHOTS names a directory.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { StartOptions } from "@callosum/server/main.ts";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { startServer, type TestServer } from "../fixture/server.ts";
import { checkAccessibility } from "./axe.ts";
import { browserMissing, launchChromium } from "./chromium.ts";
import { ownerOf, type Person } from "./user.ts";
import { type Watch, watchPage } from "./watch.ts";

export interface StudioTest {
  readonly page: Page;
  readonly server: TestServer;
  readonly watch: Watch;
  /** Opens a place of the studio, `/synapse/ws1`, and signs in where that is asked for. */
  open(path?: string, as?: Person): Promise<void>;
  /** Takes a picture where CALLOSUM_SCREENSHOTS names a directory. */
  screenshot(name: string): Promise<void>;
  /** Fails on a serious violation of axe-core's rules, of those named or of any. */
  checkAccessibility(rules?: readonly string[]): Promise<void>;
}

export interface Studio {
  readonly server: TestServer;
  /** A test in a browser context of its own. */
  test(name: string, run: (studio: StudioTest) => Promise<void>, context?: ContextOptions): void;
  /** Stops the instance, does `between` and starts it again on the same address. */
  restart(between?: () => Promise<void>): Promise<void>;
}

export type ContextOptions = Pick<BrowserContextOptions, "colorScheme" | "viewport" | "locale">;

const viewport = { width: 1440, height: 900 };
const testTimeoutMs = 300_000;
/** Of one step: the servers of the tests answer in milliseconds, a busy machine in seconds. */
const stepTimeoutMs = 45_000;

/** Call it once at the top of a test file; `prepare` runs when the instance serves. */
export function useStudio(
  prepare: (server: TestServer) => Promise<void> = async () => {},
  options: Partial<StartOptions> = {},
): Studio {
  let server: TestServer;
  let browser: Browser;
  const dataDirectory = mkdtempSync(join(tmpdir(), "callosum-e2e-"));
  if (!browserMissing) {
    before(async () => {
      server = await startServer({ ...options, dataDirectory });
      browser = await launchChromium(server.contract.origin);
      await prepare(server);
    });
  }
  after(async () => {
    await browser?.close();
    await server?.close();
    rmSync(dataDirectory, { recursive: true, force: true });
  });
  return {
    get server() {
      return server;
    },
    test(name, run, context = {}) {
      test(name, { skip: browserMissing ?? false, timeout: testTimeoutMs }, () =>
        runTest({ server, browser, name, run, context }),
      );
    },
    async restart(between = async () => {}) {
      const { port } = new URL(server.contract.origin);
      await server.close();
      await between();
      server = await startServer({ ...options, dataDirectory, port: Number(port) });
    },
  };
}

async function runTest(options: {
  server: TestServer;
  browser: Browser;
  name: string;
  run: (studio: StudioTest) => Promise<void>;
  context: ContextOptions;
}): Promise<void> {
  const { server, browser, name, run } = options;
  const context = await browser.newContext({
    viewport,
    // A toast that is fading has no contrast yet.
    reducedMotion: "reduce",
    ...options.context,
  });
  context.setDefaultTimeout(stepTimeoutMs);
  const page = await context.newPage();
  const { origin } = server.contract;
  const watch = watchPage(page, origin);
  try {
    await run({
      page,
      server,
      watch,
      async open(path = "/", as = ownerOf(server)) {
        await page.goto(`${origin}/studio${path}`);
        await signInWhereAsked(page, as);
      },
      screenshot: (shot) => takeScreenshot(page, shot),
      checkAccessibility: (rules) => checkAccessibility(page, rules),
    });
    assert.deepEqual(watch.unexpected(), [], "the page had problems");
  } catch (error) {
    await takeScreenshot(page, `failed ${name}`).catch(() => {});
    throw withProblems(error, watch);
  } finally {
    await context.close();
  }
}

/** Waits until the studio or the sign-in page is there, and types a password into the latter. */
async function signInWhereAsked(page: Page, person: Person): Promise<void> {
  const password = page.getByLabel("Password");
  const navigation = page.getByRole("navigation").first();
  await password.or(navigation).first().waitFor();
  if (await password.isVisible()) await signIn(page, person);
  await navigation.waitFor();
}

/** On the sign-in page. */
export async function signIn(page: Page, { upn, password }: Person): Promise<void> {
  await page.getByLabel("User name").fill(upn);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** What the page complained of often is the reason of a step that timed out. */
function withProblems(error: unknown, watch: Watch): unknown {
  const problems = watch.unexpected();
  if (problems.length === 0 || !(error instanceof Error)) return error;
  error.message += `\nThe page:\n  ${problems.join("\n  ")}`;
  return error;
}

async function takeScreenshot(page: Page, name: string): Promise<void> {
  const directory = process.env.CALLOSUM_SCREENSHOTS;
  if (!directory) return;
  mkdirSync(directory, { recursive: true });
  const file = name.replaceAll(/[^\w.-]+/g, "-").slice(0, 80);
  await page.screenshot({ path: join(directory, `${file}.png`) });
}

/** Answers of the planes arrive `delayMs` later; the app's own files and forms don't. */
export async function slowDown(page: Page, delayMs: number): Promise<{ waiting(): number }> {
  let waiting = 0;
  await page.route(
    (url) => !url.pathname.startsWith("/studio/"),
    async (route) => {
      waiting += 1;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      waiting -= 1;
      // The page may have gone on without this answer.
      await route.continue().catch(() => {});
    },
  );
  return { waiting: () => waiting };
}
