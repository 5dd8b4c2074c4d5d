// A blade at the right for forms and details: heading, scrolling body, buttons below.

import {
  Button,
  DrawerBody,
  DrawerFooter,
  DrawerHeader,
  DrawerHeaderTitle,
  OverlayDrawer,
} from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useFocusReturn } from "./focus-return.ts";
import { useKeptFocus } from "./kept-focus.ts";

export function Panel({
  title,
  isOpen,
  size = "medium",
  footer,
  onClose,
  children,
}: {
  title: string;
  isOpen: boolean;
  size?: "small" | "medium" | "large" | "full";
  footer?: ReactNode;
  onClose(): void;
  children: ReactNode;
}) {
  useFocusReturn(isOpen);
  const surface = useKeptFocus();
  return (
    <OverlayDrawer
      ref={surface}
      open={isOpen}
      position="end"
      size={size}
      aria-label={title}
      onOpenChange={(_, { open }) => !open && onClose()}
    >
      <DrawerHeader>
        <DrawerHeaderTitle
          heading={{ as: "h2" }}
          action={
            <Button
              appearance="subtle"
              aria-label="Close"
              icon={<DismissRegular />}
              onClick={onClose}
            />
          }
        >
          {title}
        </DrawerHeaderTitle>
      </DrawerHeader>
      <DrawerBody>{children}</DrawerBody>
      {footer && <DrawerFooter>{footer}</DrawerFooter>}
    </OverlayDrawer>
  );
}
