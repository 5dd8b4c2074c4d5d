// Every function of the pipeline language, by name.
import { type FunctionTable, tableOf } from "../../function.ts";
import { collectionFunctions } from "./collection.ts";
import { conversionFunctions } from "./conversion.ts";
import { dateFunctions } from "./date.ts";
import { logicalFunctions } from "./logical.ts";
import { mathFunctions } from "./math.ts";
import { stringFunctions } from "./string.ts";
import { timeZoneFunctions } from "./time-zone.ts";
import { xmlFunctions } from "./xml.ts";

export const pipelineFunctions: FunctionTable = tableOf([
  ...stringFunctions,
  ...collectionFunctions,
  ...logicalFunctions,
  ...conversionFunctions,
  ...mathFunctions,
  ...dateFunctions,
  ...timeZoneFunctions,
  ...xmlFunctions,
]);
