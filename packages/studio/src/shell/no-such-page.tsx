// An address that no page has.

import { Link } from "../control/link.tsx";
import { PageFrame } from "../control/page-frame.tsx";

export function NoSuchPage() {
  return (
    <PageFrame title="There is no such page">
      <p>
        The address leads nowhere. <Link to="/">Home</Link> lists everything that you may see.
      </p>
    </PageFrame>
  );
}
