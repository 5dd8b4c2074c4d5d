// What is shown when the identity plane refused to sign the person in.

import { Button, Text, Title2 } from "@fluentui/react-components";
import { beginSignIn, type SignInError } from "../sign-in/session.ts";
import { Theme } from "./theme.tsx";

export function SignInProblem({ error }: { error: SignInError }) {
  return (
    <Theme>
      <main style={{ padding: 48, maxWidth: 720, display: "grid", gap: 16, justifyItems: "start" }}>
        <Title2 as="h1">You are not signed in</Title2>
        <Text role="alert">
          {error.code}: {error.message}
        </Text>
        <Button appearance="primary" onClick={() => void beginSignIn()}>
          Sign in again
        </Button>
      </main>
    </Theme>
  );
}
