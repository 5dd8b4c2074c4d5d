import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { operations } from "./plane.ts";

const page = readFileSync(new URL("../../../../docs/storage.md", import.meta.url), "utf8");
const refusedPart = page.slice(page.indexOf("## What is refused by name"), page.indexOf("## Diff"));
const servedPart = page.slice(page.indexOf("## What is there"), page.indexOf("## What is refused"));
const namesIn = (part: string) =>
  [...part.matchAll(/^\|[^|]*\|([^|]*)\|$/gm)]
    .flatMap((match) => (match[1] ?? "").split(" · "))
    .map((name) => name.trim());

/** Refusals throw before they look at the request. */
function isRefused(operation: (typeof operations)[number]): boolean {
  try {
    operation.run({} as never).catch(() => undefined);
    return false;
  } catch (error) {
    return (error as { code?: string }).code === "NotSupportedHere";
  }
}

describe("docs/storage.md", () => {
  it("names every operation where it belongs, and no others", () => {
    const served = new Set<string>();
    const refused = new Set<string>();
    for (const operation of operations) {
      const name = operation.name.replace(/ \((?:account|container|path)\)$/, "");
      (isRefused(operation) ? refused : served).add(name);
    }
    const told = namesIn(servedPart).filter((name) => name !== "operations" && name !== "---");
    assert.deepEqual(told.sort(), [...served].sort());
    const firstRow = /^\| operations \|([^|]*)\|$/m.exec(refusedPart)?.[1] ?? "";
    const toldRefused = firstRow.split(" · ").map((name) => name.trim());
    assert.deepEqual(toldRefused.sort(), [...refused].sort());
  });
});
