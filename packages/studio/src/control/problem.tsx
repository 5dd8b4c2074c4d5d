// An error with its code, its cause and what to do; every failing part of a page shows it alike.

import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from "@fluentui/react-components";
import { ApiError } from "../api/api-error.ts";

export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const known = error instanceof ApiError ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{known?.code ?? "Unexpected error"}</MessageBarTitle>
        {message}
        {known?.details.map(({ code, message: detail }) => (
          <div key={`${code}${detail}`}>
            {code}: {detail}
          </div>
        ))}
        {known && <div>{adviceOf(known)}</div>}
        {known?.requestId && <div>Request id: {known.requestId}</div>}
      </MessageBarBody>
      {onRetry && (
        <MessageBarActions>
          <Button onClick={onRetry}>Try again</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

function adviceOf({ status }: ApiError): string {
  switch (status) {
    case 0:
      return "It is asked again as soon as you try.";
    case 403:
      return "Ask an Owner of the scope for the role that is named, or sign in as somebody else.";
    case 404:
      return "It was removed, renamed, or you may not see it.";
    case 409:
      return "Something else changed or uses it: refresh and look.";
    case 412:
      return "Somebody changed it meanwhile: refresh, and make your change again.";
    case 501:
      return "It is known and refused by name; nothing was changed.";
    default:
      return status >= 500 ? "The server's log has the request id." : "";
  }
}
