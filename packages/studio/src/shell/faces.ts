// The faces, in the order in which the shell offers them.

import { machineLearning } from "../machine-learning/face.ts";
import { portal } from "../portal/face.ts";
import { synapse } from "../synapse/face.ts";
import type { Face } from "./page.ts";

export const faces: readonly Face[] = [portal, synapse, machineLearning];
