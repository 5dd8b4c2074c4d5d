// The two keys of a self-hosted integration runtime: shown, copied, regenerated.

import { Button, Field, Input, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import { CopyRegular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import type { Resource } from "../../api/resource.ts";
import { CommandButton } from "../../control/command-button.tsx";
import { Panel } from "../../control/panel.tsx";
import { Problem } from "../../control/problem.tsx";
import { useNotifications } from "../../shell/notification.tsx";
import { actOnChild, useChildTask } from "../child-resource.ts";
import { useWorkspaceAzureRight } from "../right.ts";

const useStyles = makeStyles({
  body: { display: "grid", gap: tokens.spacingVerticalL },
  buttons: { display: "flex", gap: tokens.spacingHorizontalS },
});

interface Keys {
  readonly authKey1: string;
  readonly authKey2: string;
}

const names = ["authKey1", "authKey2"] as const;

export function KeyPanel({
  runtime: { id, name },
  onClose,
}: {
  runtime: Pick<Resource, "id" | "name">;
  onClose(): void;
}) {
  const styles = useStyles();
  const keys = useQuery({
    queryKey: ["arm", "keys", id.toLowerCase()],
    queryFn: () => actOnChild<Keys>(id, "listAuthKeys"),
    gcTime: 0,
  });
  const right = useWorkspaceAzureRight("workspaces/integrationRuntimes/regenerateAuthKey/action");
  const renew = useChildTask({
    run: (keyName: string) => actOnChild<Keys>(id, "regenerateAuthKey", { keyName }),
    done: (keyName) => `${keyName} of '${name}' is a new one`,
    failed: (keyName) => `${keyName} of '${name}' was not regenerated`,
  });
  return (
    <Panel title={`Keys of '${name}'`} isOpen onClose={onClose}>
      <div className={styles.body}>
        {keys.error && <Problem error={keys.error} onRetry={() => void keys.refetch()} />}
        {keys.isPending && <Spinner label="Loading" />}
        {names.map((key) =>
          keys.data ? (
            <div key={key}>
              <Field label={key}>
                <Input readOnly value={keys.data[key]} />
              </Field>
              <div className={styles.buttons}>
                <CopyButton label={`Copy ${key}`} text={keys.data[key]} />
                <CommandButton right={right} onClick={() => renew.mutate(key)}>
                  {`Regenerate ${key}`}
                </CommandButton>
              </div>
            </div>
          ) : null,
        )}
        {renew.error && <Problem error={renew.error} />}
      </div>
    </Panel>
  );
}

function CopyButton({ label, text }: { label: string; text: string }) {
  const { notify } = useNotifications();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      notify({ intent: "success", title: "Copied" });
    } catch {
      notify({
        intent: "warning",
        title: "The browser allows no copying",
        text: "Select the text instead.",
      });
    }
  };
  return (
    <Button appearance="subtle" icon={<CopyRegular />} onClick={() => void copy()}>
      {label}
    </Button>
  );
}
