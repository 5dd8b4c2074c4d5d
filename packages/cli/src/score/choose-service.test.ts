import assert from "node:assert/strict";
import { test } from "node:test";
import type { LinkedModels } from "@callosum/sdk/scoring.ts";
import { CommandError, exitCodes } from "../command.ts";
import { chooseService } from "./choose-service.ts";
import { readModel } from "./score-request.ts";

function link(linkedService: string, workspaceId: string, ...ids: string[]): LinkedModels {
  const models = ids.map((id) => {
    const { name, version = "1" } = readModel(id);
    const about = { description: "", framework: "", createdAt: "", createdBy: "", problem: null };
    return { name, version, ...about, inputs: [], outputs: [] };
  });
  return { linkedService, workspaceId, models };
}

const closed = (code: string): LinkedModels => ({
  ...link("closed", "/ml3"),
  error: { code, message: "No role." },
});

const chosen: [string, LinkedModels[], string, string][] = [
  ["the only one", [link("a", "/ml1", "x:1"), link("b", "/ml2", "tip:1")], "tip", "b"],
  [
    "the one with the version",
    [link("a", "/ml1", "tip:1"), link("b", "/ml2", "tip:2")],
    "tip:2",
    "b",
  ],
  [
    "the first to one workspace",
    [link("a", "/ML1", "tip:1"), link("b", "/ml1", "tip:1")],
    "tip",
    "a",
  ],
  ["one in another casing", [link("a", "/ml1", "Tip:1-RC")], "tip:1-rc", "a"],
  ["one beside a closed one", [closed("Unauthorized"), link("b", "/ml1", "tip:1")], "tip", "b"],
];
for (const [text, links, model, service] of chosen) {
  test(`${text} is chosen`, () => assert.equal(chooseService(links, readModel(model)), service));
}

const refused: [string, LinkedModels[], string, RegExp, number][] = [
  ["no link", [], "tip", /no linked service/, exitCodes.failed],
  ["another version", [link("a", "/ml1", "tip:1")], "tip:2", /are: tip:1\./, exitCodes.failed],
  [
    "a misspelt name",
    [link("a", "/ml1", "tips:1", "x:1")],
    "tip",
    /mean 'tips'\? There are: tips, x\./,
    exitCodes.failed,
  ],
  [
    "one of many versions",
    [link("a", "/ml1", "x:1", ...Array.from({ length: 20 }, (_, at) => `tip:${at}`))],
    "tip:99",
    /There are: tip:0, .*tip:11 and 8 more; 'callosum models' lists them\.$/,
    exitCodes.failed,
  ],
  [
    "two workspaces",
    [link("a", "/ml1", "tip:1"), link("b", "/ml2", "tip:1")],
    "tip",
    /--service: a, b/,
    exitCodes.usage,
  ],
  ["a missing role", [closed("Unauthorized")], "tip", /'closed' cannot be read/, exitCodes.refused],
  ["a broken link", [closed("LinkedServiceUnusable")], "tip", /No role/, exitCodes.failed],
];
for (const [text, links, model, hint, exitCode] of refused) {
  test(`${text}: the command says so`, () => {
    assert.throws(
      () => chooseService(links, readModel(model)),
      (error) => {
        assert.ok(error instanceof CommandError);
        assert.match(error.hint ?? "", hint);
        assert.equal(error.exitCode, exitCode);
        return true;
      },
    );
  });
}
