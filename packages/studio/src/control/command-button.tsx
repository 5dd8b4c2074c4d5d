// A button that explains itself when the person lacks the right: it stays reachable by keyboard, says
// why, and does nothing.

import { ToolbarButton, Tooltip } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement, ReactNode } from "react";
import { allows, permissionsQuery } from "../api/permission.ts";

export interface Right {
  readonly allowed: boolean;
  /** Why not, when it isn't. */
  readonly reason: string;
}

/** Whether the person holds an Azure RBAC action at a scope; allowed while that is not known yet. */
export function useAzureRight(scope: string | undefined, action: string): Right {
  const { data } = useQuery({ ...permissionsQuery(scope ?? ""), enabled: scope !== undefined });
  if (scope === undefined || data === undefined || allows(data, action)) {
    return { allowed: true, reason: "" };
  }
  return {
    allowed: false,
    reason: `You need a role with '${action}' at ${scope}, for example Owner or Contributor.`,
  };
}

export function CommandButton({
  icon,
  right = { allowed: true, reason: "" },
  disabledReason,
  isDisabled = false,
  appearance = "subtle",
  label,
  onClick,
  children,
}: {
  icon?: ReactElement;
  right?: Right;
  /** Another reason why it can't be done now, for example that nothing is selected. */
  disabledReason?: string | undefined;
  /** For a reason that needs no words: it is being done, nothing is chosen yet. */
  isDisabled?: boolean;
  appearance?: "primary" | "subtle";
  /** Name of a button that has only an icon. */
  label?: string;
  onClick(): void;
  children?: ReactNode;
}) {
  const reason = right.allowed ? disabledReason : right.reason;
  const isBarred = isDisabled || reason !== undefined;
  const button = (
    <ToolbarButton
      appearance={appearance}
      {...(icon && { icon })}
      {...(label !== undefined && { "aria-label": label })}
      disabledFocusable={isBarred}
      onClick={() => !isBarred && onClick()}
    >
      {children}
    </ToolbarButton>
  );
  return reason === undefined ? (
    button
  ) : (
    <Tooltip content={reason} relationship="description">
      {button}
    </Tooltip>
  );
}
