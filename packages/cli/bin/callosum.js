#!/usr/bin/env node
// The callosum command: starts ../src/main.ts on a Node that runs TypeScript.

import module from "node:module";
import { fileURLToPath } from "node:url";
import v8 from "node:v8";
import { findNode, isThisNodeEnough, noNodeMessage, runOnTerminal } from "./node-launcher.js";

if (isThisNodeEnough) {
  // The heap's young part stays as small as it starts: 20 MiB less for a server that idles, about 100
  // less after load, for a tenth of its reads per second. Before the cache, whose key it is part of.
  v8.setFlagsFromString("--semi-space-growth-factor=1");
  // Without a cache directory that can be written, Node goes on without a cache.
  module.enableCompileCache(
    fileURLToPath(new URL("../../../node_modules/.cache/node", import.meta.url)),
  );
  const { main } = await import("../src/main.ts");
  await main(process.argv.slice(2));
} else {
  const node = findNode();
  if (node) {
    const self = fileURLToPath(import.meta.url);
    process.exitCode = await runOnTerminal(node, [
      ...process.execArgv,
      self,
      ...process.argv.slice(2),
    ]);
  } else {
    console.error(noNodeMessage);
    process.exitCode = 1;
  }
}
