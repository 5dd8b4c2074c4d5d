// Asks before something is removed; the text says what will be gone.

import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useFocusReturn } from "./focus-return.ts";

export function Confirm({
  isOpen,
  title,
  verb,
  isBusy = false,
  onConfirm,
  onClose,
  children,
}: {
  isOpen: boolean;
  title: string;
  /** The confirming button's text: Delete, Detach, Remove. */
  verb: string;
  isBusy?: boolean;
  onConfirm(): void;
  onClose(): void;
  children: ReactNode;
}) {
  useFocusReturn(isOpen);
  return (
    <Dialog open={isOpen} modalType="alert" onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>{children}</DialogContent>
          <DialogActions>
            <Button appearance="primary" disabledFocusable={isBusy} onClick={onConfirm}>
              {verb}
            </Button>
            <Button onClick={onClose}>Cancel</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
