// All functions by upper-case name. A chapter is a list of values; tests walk this table.
import { aggregateFunctions } from "./aggregate.ts";
import { datetimeFunctions } from "./datetime.ts";
import type { FunctionDefinition } from "./definition.ts";
import { formatFunctions } from "./format.ts";
import { jsonFunctions } from "./json.ts";
import { logicalFunctions } from "./logical.ts";
import { mathFunctions } from "./math.ts";
import { metadataFunctions } from "./metadata.ts";
import { stringFunctions } from "./string.ts";
import { systemFunctions } from "./system.ts";
import { windowFunctions } from "./window.ts";

export const functionTable: ReadonlyMap<string, FunctionDefinition> = new Map(
  [
    aggregateFunctions,
    windowFunctions,
    stringFunctions,
    mathFunctions,
    datetimeFunctions,
    formatFunctions,
    logicalFunctions,
    jsonFunctions,
    systemFunctions,
    metadataFunctions,
  ]
    .flat()
    .map((definition) => [definition.name, definition]),
);
