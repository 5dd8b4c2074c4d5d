// Entry: sign in first, then draw. Nothing is drawn for a person who is on the way to sign in.

import { createRoot } from "react-dom/client";
import { serverUnreachable } from "./api/api-error.ts";
import { App } from "./shell/app.tsx";
import { SignInProblem } from "./shell/sign-in-problem.tsx";
import { SignInError, startSession } from "./sign-in/session.ts";

const root = createRoot(document.getElementById("root") as HTMLElement);

try {
  const account = await startSession();
  if (account) root.render(<App account={account} />);
} catch (error) {
  root.render(<SignInProblem error={signInErrorOf(error)} />);
}

/** A server that does not answer is a reason that is shown, too; anything else is a mistake of ours. */
function signInErrorOf(error: unknown): SignInError {
  if (error instanceof SignInError) return error;
  if (!(error instanceof TypeError)) throw error;
  const { code, message } = serverUnreachable();
  return new SignInError(code, message);
}
