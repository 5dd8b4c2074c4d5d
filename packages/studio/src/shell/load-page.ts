// The code of a page. While the server is starting again it is asked for until it comes: the router
// alone would reload the window and show the browser's own error instead of the studio.

import { serverUnreachable } from "../api/api-error.ts";

const retryMs = 1_000;
const attemptsMax = 60;

/** Rejects with ServerUnreachable, or with the module's own error when the server does answer. */
export async function loadPage<Module>(load: () => Promise<Module>): Promise<Module> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await load();
    } catch (error) {
      // An answer means that the app was built anew: the router reloads it.
      if (await doesAnswer()) throw error;
      if (attempt === attemptsMax) throw serverUnreachable();
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}

async function doesAnswer(): Promise<boolean> {
  try {
    await fetch("/studio/", { method: "HEAD", cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}
