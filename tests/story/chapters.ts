// The chapters of the story in order. Between `revocation` and `after-restart` the server is killed.

import type { Chapter } from "./step.ts";
import { keyVault } from "./steps/key-vault.ts";
import { afterRestart, machineLearningLink } from "./steps/machine-learning-link.ts";
import { scoring } from "./steps/scoring.ts";
import { managedIdentityLink, revocation, servicePrincipalLink } from "./steps/synapse-link.ts";
import { workspaces } from "./steps/workspace.ts";

export const chapters: readonly Chapter[] = [
  workspaces,
  managedIdentityLink,
  servicePrincipalLink,
  keyVault,
  machineLearningLink,
  revocation,
  afterRestart,
  scoring,
];
