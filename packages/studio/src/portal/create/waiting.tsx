// A create form whose choices are loading, or could not be loaded.

import { Spinner } from "@fluentui/react-components";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";

export function Waiting({ title, error }: { title: string; error: unknown }) {
  return (
    <PageFrame title={title} crumbs={[{ label: "Create a resource", to: "/create" }]}>
      {error ? <Problem error={error} /> : <Spinner label="Loading" />}
    </PageFrame>
  );
}
