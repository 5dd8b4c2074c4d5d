// Who a linked service with managed identity connects as, in words that can be searched for in Access
// control (features.md A-03, B-01).

import { makeStyles, Text, tokens } from "@fluentui/react-components";
import type { Resource } from "../../api/resource.ts";
import { Essentials } from "../../control/essentials.tsx";

const useStyles = makeStyles({
  note: {
    display: "grid",
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingHorizontalM,
    background: tokens.colorNeutralBackground2,
    borderRadius: tokens.borderRadiusMedium,
  },
});

export function IdentityNote({
  workspace: { name, identity },
}: {
  workspace: Pick<Resource, "name" | "identity">;
}) {
  const styles = useStyles();
  return (
    <div className={styles.note}>
      <Essentials
        label="Managed identity"
        entries={[
          ["Managed identity name", name],
          ["Managed identity object ID", identity?.principalId],
        ]}
      />
      <Text size={200}>
        {identity?.principalId
          ? "The workspace connects as this identity. It needs the role Contributor on the Azure Machine Learning workspace: search for its name in Access control (IAM) there."
          : "The workspace has no system-assigned identity: switch it on in the portal, or use a service principal."}
      </Text>
    </div>
  );
}
