// Opens a page of ours for a person, where something can.

import { spawn } from "node:child_process";

/** Whether there is a desktop to open pages on. */
export function canOpenBrowser({ BROWSER, DISPLAY, WAYLAND_DISPLAY }: NodeJS.ProcessEnv): boolean {
  return process.platform !== "linux" || Boolean(BROWSER || DISPLAY || WAYLAND_DISPLAY);
}

export function openInBrowser(url: string, environment: NodeJS.ProcessEnv): void {
  const opener = environment.BROWSER || (process.platform === "darwin" ? "open" : "xdg-open");
  const child = spawn(opener, [url], { stdio: "ignore", detached: true, env: environment });
  // Without an opener the address on the screen is enough.
  child.on("error", () => {});
  child.unref();
}
