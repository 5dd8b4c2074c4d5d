// The shell: it opens, signs in and out, keeps its tokens to itself, survives a restart, and allows
// its page nothing that comes from outside.

import assert from "node:assert/strict";
import { prepareStory } from "./story.ts";
import { signIn, slowDown, useStudio } from "./studio.ts";
import { ownerOf } from "./user.ts";

const studio = useStudio();

studio.test("A person signs in, sees who they are, and signs out", async (t) => {
  const { page, server } = t;
  const { origin } = server.contract;
  await page.goto(`${origin}/studio/`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await t.screenshot("sign-in");
  await t.checkAccessibility();
  await signIn(page, { ...ownerOf(server), password: "wrong" });
  await page.getByRole("alert").getByText("incorrect").waitFor();
  await t.screenshot("sign-in-wrong");
  await t.checkAccessibility();
  await signIn(page, ownerOf(server));
  const account = page.getByRole("button", { name: /^Account: / });
  await account.waitFor();
  assert.equal(page.url(), `${origin}/studio/`, "no code stays in the address");
  await t.screenshot("home");
  await t.checkAccessibility();
  await account.click();
  await page.getByText(server.contract.user.upn).waitFor();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

studio.test("Tokens are kept in memory only, and a reload asks no question", async (t) => {
  const { page } = t;
  await t.open();
  const kept = await page.evaluate<string>(
    "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])",
  );
  assert.doesNotMatch(kept, /eyJ|token|verifier/i);
  await page.reload();
  await page.getByRole("button", { name: /^Account: / }).waitFor();
});

studio.test("The page's policy allows our own origin and nothing inline", async (t) => {
  const { page, server } = t;
  const answer = await page.goto(`${server.contract.origin}/studio/`);
  const { "content-security-policy": policy = "", ...headers } = answer?.headers() ?? {};
  assert.match(policy, /default-src 'none'; script-src 'self';/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.equal(headers["referrer-policy"], "no-referrer");
  assert.equal(headers["cross-origin-opener-policy"], "same-origin");
  assert.equal(headers["cache-control"], "no-store");
});

studio.test("A place in the studio is found again after signing in", async (t) => {
  const { page, server } = t;
  await t.open("/?where=here");
  await page.getByRole("button", { name: /^Account: / }).waitFor();
  assert.equal(page.url(), `${server.contract.origin}/studio/?where=here`);
});

studio.test("A restart of the server in mid-session is survived", async (t) => {
  const { page, watch } = t;
  watch.tolerate(/ERR_(?:CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|CONNECTION_CLOSED)/);
  watch.tolerate(/Failed to fetch dynamically imported module/);
  await t.open();
  const navigation = page.getByRole("navigation", { name: "Portal" });
  await navigation.getByRole("link", { name: "Resource groups" }).click();
  await page.getByRole("heading", { name: "Resource groups" }).waitFor();
  await studio.restart(async () => {
    // A page whose code and data are asked for while nobody answers.
    await navigation.getByRole("link", { name: "All resources" }).click();
    await page
      .getByRole("main")
      .getByText(/Loading|Try again/)
      .first()
      .waitFor();
    await t.screenshot("server gone");
  });
  const grid = page.getByRole("table", { name: "Resources" });
  await grid.waitFor();
  await prepareStory(studio.server);
  await page.getByRole("button", { name: "Refresh" }).click();
  await grid.getByRole("link", { name: "contoso-synapse", exact: true }).waitFor();
});

studio.test("While the server is slow, the page says that it is waiting", async (t) => {
  const { page } = t;
  await t.open();
  await slowDown(page, 2_000);
  await page.reload({ waitUntil: "commit" });
  await page.getByRole("status").getByText("Signing in").waitFor();
  await page.getByRole("button", { name: /^Account: / }).waitFor();
});

studio.test(
  "A server that goes away while somebody signs in is named, and asked again",
  async (t) => {
    const { page, watch } = t;
    watch.tolerate(/ERR_FAILED/);
    await t.open();
    await page.route("**/oauth2/v2.0/token", (route) => route.abort());
    await page.reload();
    await page.getByRole("alert").getByText("ServerUnreachable").waitFor();
    await t.screenshot("server unreachable");
    await t.checkAccessibility();
    await page.unrouteAll();
    await page.getByRole("button", { name: "Sign in again" }).click();
    await page.getByRole("button", { name: /^Account: / }).waitFor();
  },
);

studio.test(
  "The dark theme follows the system's",
  async (t) => {
    await t.page.goto(`${t.server.contract.origin}/studio/`);
    await t.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await t.screenshot("sign-in-dark");
    await t.checkAccessibility();
    await t.open();
    await t.screenshot("home-dark");
    await t.checkAccessibility();
  },
  { colorScheme: "dark" },
);
