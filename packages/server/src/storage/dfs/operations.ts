// Every operation of the Data Lake endpoint.

import type { Operation } from "../operation.ts";
import { accessOperations } from "./access.ts";
import { appendOperations } from "./append.ts";
import { createOperations } from "./create.ts";
import { deleteOperations } from "./delete.ts";
import { filesystemOperations } from "./filesystem.ts";
import { listOperations } from "./list.ts";
import { pathOperations } from "./path.ts";
import { renameOperations } from "./rename.ts";

export const dfsOperations: readonly Operation[] = [
  ...filesystemOperations,
  ...listOperations,
  ...createOperations,
  ...renameOperations,
  ...appendOperations,
  ...pathOperations,
  ...deleteOperations,
  ...accessOperations,
];
