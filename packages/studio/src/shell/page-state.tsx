// A page whose code is loading, and one that failed to draw.

import { Spinner } from "@fluentui/react-components";
import { PageFrame } from "../control/page-frame.tsx";
import { Problem } from "../control/problem.tsx";

export function PageWaiting() {
  return <Spinner label="Loading" style={{ marginTop: 64 }} />;
}

export function PageProblem({ error, reset }: { error: unknown; reset(): void }) {
  return (
    <PageFrame title="This page could not be shown">
      <Problem error={error} onRetry={reset} />
    </PageFrame>
  );
}
