// The activity log of one scope.

import { useScope } from "../scope.ts";
import { ScopeFrame } from "../scope-frame.tsx";
import { ActivityLog } from "./list.tsx";

export function Page() {
  const scope = useScope();
  return (
    <ScopeFrame id={scope} section="activity-log">
      <ActivityLog scope={scope} />
    </ScopeFrame>
  );
}
