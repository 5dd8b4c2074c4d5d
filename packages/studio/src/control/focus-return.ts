// Who closes a panel or a dialog is where they were before it: the focus goes back to what opened it.
// Fluent does that for its own triggers only, and ours open by state.

import { useEffect, useRef } from "react";

/** Panels leave with an animation; the focus is lost when they are gone. */
const attemptMs = 50;
const attemptsMax = 20;

/** What had the focus on the page itself when the first of several panels opened. */
let onPage: HTMLElement | undefined;

export function useFocusReturn(isOpen: boolean): void {
  const opener = useRef<HTMLElement>(undefined);
  // Read while drawing: the panel's own effects, which run before ours, take the focus into it.
  if (isOpen && opener.current === undefined) {
    opener.current = focused();
    if (opener.current && !opener.current.closest("[aria-modal=true]")) onPage = opener.current;
  }
  useEffect(() => {
    if (!isOpen) return;
    return () => {
      const target = opener.current;
      opener.current = undefined;
      returnTo(() => (target?.isConnected ? target : onPage));
    };
  }, [isOpen]);
}

function focused(): HTMLElement | undefined {
  const { activeElement } = document;
  const isLost = activeElement === null || activeElement === document.body;
  return !isLost && activeElement instanceof HTMLElement ? activeElement : undefined;
}

/** Waits until nothing has the focus; who moves it meanwhile keeps it. */
function returnTo(target: () => HTMLElement | undefined): void {
  let attempts = 0;
  const timer = setInterval(() => {
    attempts += 1;
    const now = focused();
    if (now === undefined) target()?.focus();
    const isSettled = now === undefined || !now.closest("[aria-modal=true]");
    if (isSettled || attempts === attemptsMax) clearInterval(timer);
  }, attemptMs);
}
