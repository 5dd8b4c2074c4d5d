// axe-core in the page. It is run over the browser's debugger, which a page's policy does not bind.

import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

const serious = ["serious", "critical"];
/**
 * Fluent's focus library moves the focus on as soon as one of its invisible stops gets it: nobody
 * ever is on one, and readers must not hear of them.
 */
const focusStops = "[data-tabster-dummy]";
const shownMax = 3;

/** Fails when the page, as it is now, has a serious or critical violation, of `rules` or of any. */
export async function checkAccessibility(page: Page, rules?: readonly string[]): Promise<void> {
  // A colour that is on its way has no contrast yet: two frames start what goes on, then it ends. A
  // toast's clock is an animation, too, which shows nothing and takes as long as the toast stays.
  await page.evaluate(`(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    await frame();
    await Promise.allSettled(document.getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
      .filter(({ effect }) => !effect?.target?.hasAttribute("data-timer-status"))
      .map(({ finished }) => finished));
  })()`);
  await page.evaluate(axe.source);
  const options = { resultTypes: ["violations"], ...(rules && { runOnly: rules }) };
  const { violations } = await page.evaluate<{ violations: readonly Violation[] }>(
    `axe.run({ exclude: ["${focusStops}"] }, ${JSON.stringify(options)})`,
  );
  const found = violations.filter(({ impact }) => serious.includes(impact ?? ""));
  assert.equal(found.length, 0, `${page.url()}\n${found.map(describe).join("\n")}`);
}

function describe({ id, impact, help, nodes }: Violation): string {
  const shown = nodes.slice(0, shownMax).map(({ html, failureSummary = "" }) => {
    return `  ${html.slice(0, 300)}\n    ${failureSummary.replaceAll("\n", "\n    ")}`;
  });
  return `${id} (${impact}): ${help}; ${nodes.length} places\n${shown.join("\n")}`;
}
