// The buttons below a panel: the verb, Back where a step came before, Cancel.

import { Button } from "@fluentui/react-components";
import { CommandButton, type Right } from "./command-button.tsx";

export function PanelButtons({
  verb,
  right,
  disabledReason,
  isDisabled,
  onSend,
  onBack,
  onClose,
}: {
  /** The sending button's text: Create, Save, Continue. */
  verb: string;
  right?: Right;
  disabledReason?: string;
  isDisabled?: boolean;
  onSend(): void;
  onBack?(): void;
  onClose(): void;
}) {
  return (
    <>
      <CommandButton
        appearance="primary"
        right={right}
        disabledReason={disabledReason}
        isDisabled={isDisabled}
        onClick={onSend}
      >
        {verb}
      </CommandButton>
      {onBack && <Button onClick={onBack}>Back</Button>}
      <Button onClick={onClose}>Cancel</Button>
    </>
  );
}
