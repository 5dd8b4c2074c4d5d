import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { callosum, newSecretCommand, quote, restCommand, withNewSecret } from "./command.ts";

/** The words that a shell makes of a line. */
function words(line: string, environment: Record<string, string> = {}): string[] {
  const script = `set -- ${line}; for word in "$@"; do printf '%s\\0' "$word"; done`;
  const output = execFileSync("/bin/sh", ["-c", script], { env: environment });
  return output.toString("utf8").split("\0").slice(0, -1);
}

describe("printed commands", () => {
  it("give a shell exactly the values, whatever is in them", () => {
    for (const value of [
      "plain",
      "",
      "a b",
      "it's",
      "$(touch x)",
      "`id`",
      'say "hi"',
      "a\nb",
      "*;|&",
    ]) {
      assert.deepEqual(words(quote(value)), [value]);
    }
    assert.deepEqual(words(callosum("x y", { name: "a'b", id: "/s/1" })), [
      "callosum",
      "x",
      "y",
      "--name",
      "a'b",
      "--id",
      "/s/1",
    ]);
  });

  it("write requests of each plane with its host and audience", () => {
    const body = { properties: { name: "it's" } };
    const request = {
      plane: "synapse",
      subject: "ws1",
      method: "PUT",
      path: "/x?api-version=1",
      body,
    } as const;
    const [, , , method, , url, , sent] = words(restCommand(request));
    assert.deepEqual([method, url], ["PUT", "https://ws1.dev.azuresynapse.net/x?api-version=1"]);
    assert.deepEqual(JSON.parse(sent ?? ""), body);
    assert.match(
      restCommand({ plane: "graph", method: "POST", path: "/servicePrincipals" }),
      /graph\.microsoft\.com\/v1\.0\/servicePrincipals$/,
    );
  });

  it("leave a new secret to the shell", () => {
    const line = withNewSecret((value) => ({ a: "it's", key: { value } }));
    const [body = ""] = words(line, { KEY: "s~e.c_r-t" });
    assert.deepEqual(JSON.parse(body), { a: "it's", key: { value: "s~e.c_r-t" } });
    assert.equal(newSecretCommand("c1"), "callosum app secret --id c1");
  });
});
