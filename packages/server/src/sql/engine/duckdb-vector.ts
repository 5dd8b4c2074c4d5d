// DuckDB's memory beneath node-api's classes.
import { createRequire } from "node:module";
import type { ReadPointer } from "./block.ts";

// The published types leave functions of the binding out.
const binding = createRequire(import.meta.url)("@duckdb/node-bindings") as {
  get_data_from_pointer: ReadPointer;
};

export const readPointer: ReadPointer = binding.get_data_from_pointer;
