// Every function of the template language that needs no deployment around it, by name.
import { type FunctionTable, tableOf } from "../../function.ts";
import { arrayFunctions } from "./array.ts";
import { cidrFunctions } from "./cidr.ts";
import { dateFunctions } from "./date.ts";
import { encodingFunctions } from "./encoding.ts";
import { itemFunctions } from "./item.ts";
import { lambdaFunctions } from "./lambda.ts";
import { logicalFunctions } from "./logical.ts";
import { numericFunctions } from "./numeric.ts";
import { objectFunctions } from "./object.ts";
import { stringFunctions } from "./string.ts";

export const templateFunctions: FunctionTable = tableOf([
  ...stringFunctions,
  ...encodingFunctions,
  ...arrayFunctions,
  ...itemFunctions,
  ...objectFunctions,
  ...logicalFunctions,
  ...numericFunctions,
  ...dateFunctions,
  ...lambdaFunctions,
  ...cidrFunctions,
]);
