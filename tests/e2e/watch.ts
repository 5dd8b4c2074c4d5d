// What a page must not do: log errors, throw, break its policy, or ask for anything outside.

import type { Page } from "playwright-core";

export interface Watch {
  /** What was seen, in order. */
  readonly problems: readonly string[];
  /** Expects problems that match, such as a refused request that the test provokes. */
  tolerate(pattern: RegExp): void;
  /** What was seen and not expected. */
  unexpected(): readonly string[];
}

/** Answers of 4xx, and 501 for what is refused by name, are shown by the pages; the browser logs them. */
const refusedRequest =
  /^console: Failed to load resource: the server responded with a status of (?:4|501)/;

export function watchPage(page: Page, origin: string): Watch {
  const problems: string[] = [];
  const tolerated: RegExp[] = [refusedRequest];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`thrown: ${error.stack ?? error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    const isInside = url.startsWith(`${origin}/`) || /^(?:data|blob|about):/.test(url);
    if (!isInside) problems.push(`outside: ${url}`);
  });
  return {
    problems,
    tolerate: (pattern) => void tolerated.push(pattern),
    unexpected: () =>
      problems.filter((problem) => !tolerated.some((pattern) => pattern.test(problem))),
  };
}
