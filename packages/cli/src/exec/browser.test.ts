import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { localAddress, writeBrowserScript } from "./browser.ts";

const origin = "https://localhost:8443";

test("Microsoft's sign-in becomes ours; nothing else leaves the machine", () => {
  const rows = [
    [
      "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=a&state=b%20c",
      "https://localhost:8443/common/oauth2/v2.0/authorize?client_id=a&state=b%20c",
    ],
    ["https://login.windows.net/t/oauth2/authorize", "https://localhost:8443/t/oauth2/authorize"],
    ["http://localhost:5000/done", "http://localhost:5000/done"],
    ["https://localhost:8443/studio/", "https://localhost:8443/studio/"],
    ["https://login.microsoftonline.com:444/common", undefined],
    ["http://login.microsoftonline.com/common", undefined],
    ["https://login.microsoftonline.com.example.com/", undefined],
    ["https://user@example.com/", undefined],
    ["https://aka.ms/azsdk", undefined],
    ["file:///etc/passwd", undefined],
    ["--help", undefined],
    ["", undefined],
  ] as const;
  for (const [address, expected] of rows) {
    assert.equal(localAddress(address, origin), expected, address);
  }
});

test("the script hands the caller's own browser the local page", async () => {
  const directory = mkdtempSync(join(tmpdir(), "browser-"));
  const opened = Promise.withResolvers<string>();
  // The opener is detached, so it reports over a socket what it was started with.
  const listener = createServer((socket) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("end", () => opened.resolve(text));
  });
  listener.listen(join(directory, "socket"));
  await once(listener, "listening");
  try {
    const opener = join(directory, "it's-mine");
    writeFileSync(
      opener,
      `#!${process.execPath}
      const report = { address: process.argv[2], proxy: process.env.HTTPS_PROXY ?? "none" };
      require("node:net").connect(${JSON.stringify(join(directory, "socket"))})
        .end(JSON.stringify({ ...report, browser: process.env.BROWSER }));`,
      { mode: 0o700 },
    );
    const script = writeBrowserScript({
      directory: join(directory, "state"),
      origin,
      node: process.execPath,
      browser: opener,
    });
    const client = spawn(script, ["https://login.microsoftonline.com/common/authorize?x=1"], {
      env: { ...process.env, BROWSER: script, HTTPS_PROXY: "http://127.0.0.1:1" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let shown = "";
    client.stderr.on("data", (chunk) => {
      shown += chunk;
    });
    const [code] = await once(client, "close");
    assert.equal(code, 0);
    assert.match(shown, /sign in at https:\/\/localhost:8443\/common\/authorize\?x=1/);
    assert.deepEqual(JSON.parse(await opened.promise), {
      address: "https://localhost:8443/common/authorize?x=1",
      proxy: "none",
      browser: opener,
    });
  } finally {
    listener.close();
    rmSync(directory, { recursive: true });
  }
});

test("a directory that BROWSER cannot name is refused", () => {
  const directory = join(tmpdir(), "with space");
  const write = () => writeBrowserScript({ directory, origin, node: "node", browser: undefined });
  assert.throws(write, /without spaces or colons/);
});
