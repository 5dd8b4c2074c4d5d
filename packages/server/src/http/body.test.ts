import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { describe, it } from "node:test";
import { readBody } from "./body.ts";

const read = (text: string) => readBody({}, Readable.from([Buffer.from(text)]));
const code = (expected: string) => (error: { code?: string }) => error.code === expected;

describe("a body", () => {
  it("is JSON unless the route says otherwise", async () => {
    assert.deepEqual(await read('\uFEFF{"a":[1]}'), { a: [1] });
    assert.equal(await read(""), undefined);
    const form = await readBody({ body: "form" }, Readable.from([Buffer.from("a=1")]));
    assert.equal((form as URLSearchParams).get("a"), "1");
  });

  it("may not reach a prototype", async () => {
    const refused = code("InvalidRequestContent");
    await assert.rejects(read('{"__proto__":{"a":1}}'), refused);
    await assert.rejects(read('{"\\u005f_proto__":{"a":1},"b":"__proto__"}'), refused);
  });

  it("nests only so deep, whatever its strings say", async () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    await assert.rejects(read(nested(257)), code("InvalidRequestContent"));
    await read(nested(256));
    const text = `\\"${"[".repeat(300)}\\\\`;
    assert.deepEqual(await read(JSON.stringify([text, [text]])), [text, [text]]);
  });

  it("that is too long is read to its end before it is refused", async () => {
    const stream = Readable.from([Buffer.alloc(9), Buffer.alloc(9), Buffer.alloc(9)]);
    const refused = readBody({ body: "bytes", bodyBytesMax: 10 }, stream);
    await assert.rejects(refused, code("RequestContentTooLarge"));
    assert.ok(stream.readableEnded);
  });

  it("that comes too slowly is refused", async (test) => {
    test.mock.timers.enable({ apis: ["setTimeout"] });
    const stream = new PassThrough();
    stream.write("{");
    const refused = assert.rejects(readBody({}, stream), code("RequestTimeout"));
    test.mock.timers.tick(60_000);
    await refused;
  });

  it("that breaks off is refused", async () => {
    const stream = new PassThrough();
    stream.write("{");
    const refused = assert.rejects(readBody({}, stream), code("IncompleteRequestContent"));
    stream.destroy();
    await refused;
  });
});
