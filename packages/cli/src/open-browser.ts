// Opens a page of ours for a person, where something can.

import { spawn } from "node:child_process";

/** False where there is no desktop to open it on. */
export function openInBrowser(url: string): boolean {
  const { BROWSER, DISPLAY, WAYLAND_DISPLAY } = process.env;
  const hasDesktop = process.platform !== "linux" || BROWSER || DISPLAY || WAYLAND_DISPLAY;
  if (!hasDesktop) return false;
  const opener = BROWSER || (process.platform === "darwin" ? "open" : "xdg-open");
  const child = spawn(opener, [url], { stdio: "ignore", detached: true });
  // Without an opener the address on the screen is enough.
  child.on("error", () => {});
  child.unref();
  return true;
}
