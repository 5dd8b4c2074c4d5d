// Every operation of the blob endpoint but batches, which need the plane's own way of answering.

import type { Operation } from "../operation.ts";
import { appendOperations } from "./append.ts";
import { blockOperations } from "./block.ts";
import { changeOperations } from "./change.ts";
import { containerOperations } from "./container.ts";
import { copyOperations } from "./copy.ts";
import { leaseOperations } from "./lease.ts";
import { listOperations } from "./list.ts";
import { readOperations } from "./read.ts";
import { searchOperations } from "./search.ts";
import { serviceOperations } from "./service.ts";
import { writeOperations } from "./write.ts";

export const blobOperations: readonly Operation[] = [
  ...serviceOperations,
  ...containerOperations,
  ...listOperations,
  ...readOperations,
  ...writeOperations,
  ...blockOperations,
  ...appendOperations,
  ...copyOperations,
  ...changeOperations,
  ...leaseOperations,
  ...searchOperations,
];
