// `callosum snapshot` is not there yet, and says so.

import { refuseCommand } from "../command.ts";

export const snapshot = refuseCommand({
  name: "snapshot",
  summary: "Copy an instance while it runs",
  reason: "snapshots are not there yet; stop the instance and copy its directory instead.",
});
