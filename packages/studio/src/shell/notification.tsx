// Notifications: a toast for what just ended, and the list behind the bell that keeps it.

import {
  Toast,
  ToastBody,
  Toaster,
  ToastTitle,
  useId,
  useToastController,
} from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { ApiError } from "../api/api-error.ts";

export interface Notice {
  readonly id: number;
  readonly intent: "success" | "error" | "warning" | "info";
  readonly title: string;
  readonly text: string;
  readonly atMs: number;
}

interface NotificationState {
  readonly notices: readonly Notice[];
  notify(notice: Pick<Notice, "intent" | "title"> & { text?: string }): void;
  clear(): void;
}

const toastMs = 8_000;
const noticesMax = 100;

const NotificationContext = createContext<NotificationState | undefined>(undefined);

export function useNotifications(): NotificationState {
  const state = useContext(NotificationContext);
  if (!state) throw new Error("Notifications are not there.");
  return state;
}

export function Notifications({ children }: { children: ReactNode }) {
  const toasterId = useId("toaster");
  const { dispatchToast } = useToastController(toasterId);
  const [notices, setNotices] = useState<readonly Notice[]>([]);
  const notify = useCallback<NotificationState["notify"]>(
    ({ intent, title, text = "" }) => {
      setNotices((earlier) => {
        const id = (earlier[0]?.id ?? 0) + 1;
        return [{ id, intent, title, text, atMs: Date.now() }, ...earlier].slice(0, noticesMax);
      });
      dispatchToast(
        <Toast>
          <ToastTitle>{title}</ToastTitle>
          {text && <ToastBody>{text}</ToastBody>}
        </Toast>,
        { intent, timeout: toastMs, politeness: intent === "error" ? "assertive" : "polite" },
      );
    },
    [dispatchToast],
  );
  const clear = useCallback(() => setNotices([]), []);
  const state = useMemo(() => ({ notices, notify, clear }), [notices, notify, clear]);
  return (
    <NotificationContext value={state}>
      {children}
      {/* Above everything, and beside the heads and buttons of panels, which are at the right. */}
      <Toaster toasterId={toasterId} position="top" />
    </NotificationContext>
  );
}

export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

/**
 * Work that a person started: says how it ended and refreshes what it changed. `done` and `failed`
 * are the titles; the failure's text is the server's. The error is thrown on to the caller's own
 * `mutateAsync`, shown inline by forms through `error`.
 */
export function useTask<Input, Result>(task: {
  run(input: Input): Promise<Result>;
  done(input: Input, result: Result): string;
  failed(input: Input): string;
  /** Query keys whose data the work changed. */
  changes?: readonly (readonly unknown[])[];
  onDone?(result: Result, input: Input): void;
}) {
  const { notify } = useNotifications();
  const queries = useQueryClient();
  return useMutation<Result, Error, Input>({
    mutationFn: task.run,
    async onSuccess(result, input) {
      notify({ intent: "success", title: task.done(input, result) });
      await Promise.all(
        (task.changes ?? []).map((queryKey) => queries.invalidateQueries({ queryKey })),
      );
      task.onDone?.(result, input);
    },
    onError(error, input) {
      notify({ intent: "error", title: task.failed(input), text: messageOf(error) });
    },
  });
}
