// The Manage hub: what can be managed, each with the way to it.

import { Link } from "../control/link.tsx";
import { PageFrame } from "../control/page-frame.tsx";
import { synapse } from "./face.ts";
import { useWorkspaceName } from "./workspace.ts";

export function Page() {
  const workspace = useWorkspaceName();
  return (
    <PageFrame title="Manage" crumbs={[]}>
      <ul>
        {synapse.pages
          .filter(({ path }) => path.startsWith("/synapse/$workspace/manage/"))
          .map(({ path, title }) => (
            <li key={path}>
              <Link to={path.replace("$workspace", workspace)}>{title}</Link>
            </li>
          ))}
      </ul>
    </PageFrame>
  );
}
