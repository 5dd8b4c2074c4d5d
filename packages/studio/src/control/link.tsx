// A link inside the studio that looks like Fluent's and goes through the router.

import { Link as FluentLink } from "@fluentui/react-components";
import { useRouter } from "@tanstack/react-router";
import type { MouseEvent, ReactNode } from "react";

/** `to` is below /studio, complete: `/synapse/ws1/manage/linked-services`. */
export function Link({
  to,
  children,
  ...rest
}: {
  to: string;
  children: ReactNode;
  "aria-label"?: string;
  "aria-current"?: "page";
  className?: string;
}) {
  const router = useRouter();
  const open = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    router.history.push(`/studio${to}`);
  };
  return (
    <FluentLink href={`/studio${to}`} onClick={open} {...rest}>
      {children}
    </FluentLink>
  );
}

/** Goes to an address below /studio. */
export function useGo(): (to: string) => void {
  const router = useRouter();
  return (to) => router.history.push(`/studio${to}`);
}
