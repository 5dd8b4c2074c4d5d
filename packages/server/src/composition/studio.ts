// What the studio is joined from: the built app, and the rules of the planes that have forms.

import { createResourceForms } from "../arm/form.ts";
import type { Registry } from "../arm/registry.ts";
import { createConnectorForms } from "../artifacts/form.ts";
import type { Plane } from "../http/route.ts";
import { describeError } from "../platform/log.ts";
import { openStudioBuild, StudioBuildFailed } from "../platform/studio-build.ts";
import { createStudioPlane } from "../studio/plane.ts";
import type { Ground } from "./ground.ts";

export function openStudio({ log, random }: Ground, registry: Registry): Plane {
  const onFault = (error: unknown) => {
    const output = error instanceof StudioBuildFailed ? { output: error.output } : {};
    log.write("error", "studio.fault", { error: describeError(error), ...output });
  };
  return createStudioPlane({
    resources: createResourceForms(registry),
    connectors: createConnectorForms(),
    load: openStudioBuild({ onFault }).load,
    token: random.token,
  });
}
