// Everything around the pages: theme, data cache, notifications, router.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { ApiError } from "../api/api-error.ts";
import type { Account } from "../sign-in/session.ts";
import { AccountContext } from "./account.ts";
import { Notifications } from "./notification.tsx";
import { router } from "./router.tsx";
import { Theme } from "./theme.tsx";

/** A server that is starting again is asked for this long before the page says so. */
const attemptsMax = 12;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) =>
        error instanceof ApiError &&
        (error.isUnreachable || error.status === 503) &&
        failures < attemptsMax,
      retryDelay: (failures) => Math.min(250 * 2 ** failures, 3_000),
    },
  },
});

export function App({ account }: { account: Account }) {
  return (
    <Theme>
      <QueryClientProvider client={queries}>
        <AccountContext value={account}>
          <Notifications>
            <RouterProvider router={router} />
          </Notifications>
        </AccountContext>
      </QueryClientProvider>
    </Theme>
  );
}
