// Opening the model registry of an instance: its folder, how bytes get in, how other planes read it.

import type { LakePort } from "@callosum/contract/lake.ts";
import type { ModelIntake, ModelRegistry } from "@callosum/contract/model-registry.ts";
import type { PlaneServices } from "@callosum/contract/services.ts";
import { openBlobFiles } from "../../platform/blob-files.ts";
import { type ContentStore, createContentStore } from "./content-store.ts";
import { createModelIntake } from "./intake.ts";
import { createModelRegistry } from "./registry.ts";

export interface Models {
  readonly content: ContentStore;
  readonly intake: ModelIntake;
  readonly registry: ModelRegistry;
}

/** `directory` is the registry's own; files in it that nothing names are removed. */
export function openModels(
  services: PlaneServices,
  options: { lake: LakePort; directory: string },
): Models {
  const { lake, directory } = options;
  const files = openBlobFiles({ directory, random: services.random });
  const content = createContentStore({ store: services.store, files });
  return {
    content,
    intake: createModelIntake({ ...services, content, lake }),
    registry: createModelRegistry({ ...services, content }),
  };
}
