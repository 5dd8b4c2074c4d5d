// What had the focus in a panel can go away: a button that did its work, a row that was removed. The
// focus then stays in the panel. Fluent would give it to the page behind, and hide the panel from
// screen readers.

import { useCallback, useRef } from "react";

/** For the `ref` of the panel's surface, which must be focusable. */
export function useKeptFocus(): (surface: HTMLElement | null) => void {
  const observer = useRef<MutationObserver>(undefined);
  return useCallback((surface: HTMLElement | null) => {
    observer.current?.disconnect();
    observer.current = undefined;
    if (!surface) return;
    observer.current = new MutationObserver((changes) => {
      const isRemoval = changes.some(({ removedNodes }) => removedNodes.length > 0);
      if (isRemoval && document.activeElement === document.body) surface.focus();
    });
    observer.current.observe(surface, { childList: true, subtree: true });
  }, []);
}
