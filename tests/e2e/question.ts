// A question that the studio asks before it removes something.

import type { Locator } from "playwright-core";

/**
 * Answers it with the button of that name, and waits until the page behind it has its roles again: while
 * a question is open, and for a moment after, rows that are still there pass for gone.
 */
export async function answer(question: Locator, name: string): Promise<void> {
  await question.getByRole("button", { name }).click();
  await question.waitFor({ state: "hidden" });
  await question.page().getByRole("main").waitFor();
}
