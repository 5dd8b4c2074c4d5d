// All claims in the order of their numbers.

import type { Claim } from "./claim.ts";
import { groupA } from "./group-a.ts";
import { groupB } from "./group-b.ts";
import { groupC } from "./group-c.ts";
import { groupD } from "./group-d.ts";
import { groupE } from "./group-e.ts";
import { groupF } from "./group-f.ts";
import { groupG } from "./group-g.ts";
import { groupH } from "./group-h.ts";
import { groupI } from "./group-i.ts";
import { groupJ } from "./group-j.ts";

export const claims: readonly Claim[] = [
  ...groupA,
  ...groupB,
  ...groupC,
  ...groupD,
  ...groupE,
  ...groupF,
  ...groupG,
  ...groupH,
  ...groupI,
  ...groupJ,
];
