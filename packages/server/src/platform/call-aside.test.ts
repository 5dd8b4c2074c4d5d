import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callAside } from "./call-aside.ts";

const module = new URL(
  `data:text/javascript,${encodeURIComponent(`
    export const double = (bytes) => bytes.map((byte) => byte * 2);
    export const fail = () => { throw new RangeError("too far"); };
    export const leave = () => process.exit();
  `)}`,
);
const call = (name: string, input: unknown = undefined) => callAside({ module, name, input });

describe("a call on a thread of its own", () => {
  it("gives what the function gives, and throws what it throws", async () => {
    assert.deepEqual(await call("double", new Uint8Array([1, 2])), new Uint8Array([2, 4]));
    await assert.rejects(call("fail"), { name: "RangeError", message: "too far" });
    await assert.rejects(call("nothing"), TypeError);
  });

  it("fails when its thread ends, and the next one runs", async () => {
    const [left, doubled] = await Promise.allSettled([
      call("leave"),
      call("double", new Uint8Array([3])),
    ]);
    assert.ok(left.status === "rejected");
    assert.match(String(left.reason), /ended without an answer/);
    assert.deepEqual(doubled, { status: "fulfilled", value: new Uint8Array([6]) });
  });
});
