import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { asTyped } from "./verdict-lines.ts";

describe("a printed command", () => {
  const fix = "KEY=$(callosum app secret --id x) && callosum rest --url y | callosum secret set";
  const rows: [string, Record<string, string>, string, string][] = [
    ["is as it is on the PATH and the usual directory", { CALLOSUM_DATA: "/d" }, "/d", fix],
    [
      "goes through npx in a clone",
      { CALLOSUM_DATA: "/d", npm_command: "exec" },
      "/d",
      fix.replaceAll("callosum ", "npx --no-install callosum "),
    ],
    [
      "names another directory",
      {},
      "/other dir",
      fix.replaceAll("callosum ", "CALLOSUM_DATA='/other dir' callosum "),
    ],
  ];
  for (const [name, environment, dataDirectory, expected] of rows) {
    it(name, () => assert.equal(asTyped(fix, { environment, dataDirectory }), expected));
  }

  it("keeps the word where it is no command", () => {
    const text = "callosum grant --principal 'the callosum app'";
    assert.equal(
      asTyped(text, {
        environment: { npm_command: "exec", CALLOSUM_DATA: "/d" },
        dataDirectory: "/d",
      }),
      `npx --no-install ${text}`,
    );
  });
});
