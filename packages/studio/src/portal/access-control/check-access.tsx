// Check access: the roles of a person, group, application or managed identity at a scope, with those
// that come from above or through a group; and one's own.

import {
  Button,
  Field,
  makeStyles,
  Radio,
  RadioGroup,
  Subtitle2,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import type { DirectoryObject } from "../../api/directory.ts";
import { Grid } from "../../control/grid.tsx";
import { Panel } from "../../control/panel.tsx";
import { useAccount } from "../../shell/account.ts";
import { assignmentColumns } from "./assignment-column.tsx";
import { useAssignmentRows } from "./assignment-row.ts";
import { PrincipalSearch } from "./principal-search.tsx";

const useStyles = makeStyles({
  card: {
    display: "grid",
    justifyItems: "start",
    gap: tokens.spacingVerticalS,
    maxWidth: "720px",
  },
});

type Asked = Pick<DirectoryObject, "id" | "displayName">;

export function CheckAccess({ scope }: { scope: string }) {
  const styles = useStyles();
  const account = useAccount();
  const [asked, setAsked] = useState<Asked>();
  const [kind, setKind] = useState<"principal" | "managedIdentity">("principal");
  return (
    <>
      <section className={styles.card} aria-labelledby="my-access">
        <Subtitle2 as="h2" id="my-access">
          My access
        </Subtitle2>
        <Text>View your level of access here.</Text>
        <Button
          onClick={() => setAsked({ id: account.objectId, displayName: account.name })}
          appearance="primary"
        >
          View my access
        </Button>
      </section>
      <section className={styles.card} aria-labelledby="check-access">
        <Subtitle2 as="h2" id="check-access">
          Check access
        </Subtitle2>
        <Text>
          Review the level of access that a user, group, service principal, or managed identity has.
        </Text>
        <Field label="Find">
          <RadioGroup
            layout="horizontal"
            value={kind}
            onChange={(_, { value }) => setKind(value as typeof kind)}
          >
            <Radio value="principal" label="User, group, or service principal" />
            <Radio value="managedIdentity" label="Managed identity" />
          </RadioGroup>
        </Field>
        <PrincipalSearch kind={kind} onChoose={setAsked} />
      </section>
      <Panel
        title={`${asked?.displayName ?? ""} assignments`}
        isOpen={asked !== undefined}
        size="large"
        onClose={() => setAsked(undefined)}
      >
        {asked && <Assignments scope={scope} principal={asked} />}
      </Panel>
    </>
  );
}

function Assignments({ scope, principal }: { scope: string; principal: Asked }) {
  const { rows, error, refetch } = useAssignmentRows(scope, principal.id);
  return (
    <Grid
      label="Current role assignments"
      columns={assignmentColumns}
      rows={rows}
      error={error}
      onRetry={refetch}
      rowKey={({ assignment }) => assignment.id}
      empty={`${principal.displayName} has no role here: neither directly, nor through a group, nor inherited.`}
    />
  );
}
