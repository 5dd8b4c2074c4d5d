#!/usr/bin/env node
// The callosum command: starts ../src/main.ts on a Node that runs TypeScript.

import module from "node:module";
import { fileURLToPath } from "node:url";
import { findNode, isThisNodeEnough, noNodeMessage, runOnTerminal } from "./node-launcher.js";

if (isThisNodeEnough) {
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
