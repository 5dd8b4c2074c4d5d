// What had the focus in a panel can go away: a button that did its work, a row that was removed. The
// focus then stays in the panel. Fluent would give it to the page behind, and hide the panel from
// screen readers.

import { useCallback, useRef } from "react";

/** For the `ref` of the panel's surface; its first button, Close, takes the focus over. */
export function useKeptFocus(): (surface: HTMLElement | null) => void {
  const stop = useRef<() => void>(undefined);
  return useCallback((surface: HTMLElement | null) => {
    stop.current?.();
    stop.current = surface ? keepFocus(surface) : undefined;
  }, []);
}

function keepFocus(surface: HTMLElement): () => void {
  let last: Node | undefined;
  const remember = ({ target }: FocusEvent) => {
    last = target instanceof Node ? target : undefined;
  };
  const observer = new MutationObserver(() => {
    const isLost = last !== undefined && !last.isConnected;
    if (isLost && document.activeElement === document.body)
      surface.querySelector("button")?.focus();
  });
  surface.addEventListener("focusin", remember);
  observer.observe(surface, { childList: true, subtree: true });
  return () => {
    surface.removeEventListener("focusin", remember);
    observer.disconnect();
  };
}
