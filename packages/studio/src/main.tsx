// Entry: sign in first, then draw. Nothing is drawn for a person who is on the way to sign in.

import { createRoot } from "react-dom/client";
import { App } from "./shell/app.tsx";
import { SignInProblem } from "./shell/sign-in-problem.tsx";
import { SignInError, startSession } from "./sign-in/session.ts";

const root = createRoot(document.getElementById("root") as HTMLElement);

try {
  const account = await startSession();
  if (account) root.render(<App account={account} />);
} catch (error) {
  if (!(error instanceof SignInError)) throw error;
  root.render(<SignInProblem error={error} />);
}
