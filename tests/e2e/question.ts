// A question that the studio asks before it removes something.

import type { Locator } from "playwright-core";

/** Answers it with the button of that name, and waits until it has closed: as long as it is open, nothing behind it has a role, so that rows which are still there pass for gone. */
export async function answer(question: Locator, name: string): Promise<void> {
  await question.getByRole("button", { name }).click();
  await question.waitFor({ state: "hidden" });
}
