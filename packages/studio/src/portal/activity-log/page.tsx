// The activity log of one scope.

import { useScope } from "../../control/scope-path.ts";
import { ScopeFrame } from "../scope-frame.tsx";
import { ActivityLog } from "./list.tsx";

export function Page() {
  const scope = useScope();
  return (
    <ScopeFrame id={scope} section="activity-log">
      <ActivityLog key={scope} scope={scope} />
    </ScopeFrame>
  );
}
