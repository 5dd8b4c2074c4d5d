// Create a user with a password of their own.

import { call, graph } from "../../api/request.ts";
import { type Field, useForm } from "../../control/form.ts";
import { FormPanel } from "../../control/form-panel.tsx";
import { useAccount } from "../../shell/account.ts";
import { useTask } from "../../shell/notification.tsx";

type Values = { readonly nickname: string; readonly name: string; readonly password: string };

const initial: Values = { nickname: "", name: "", password: "" };

function fieldsOf(domain: string): readonly Field<Values>[] {
  return [
    {
      name: "nickname",
      label: "User principal name",
      kind: "text",
      isRequired: true,
      hint: `Ends with @${domain}.`,
      check: (text) =>
        /^[A-Za-z0-9'._!#^~-]{1,64}$/.test(text)
          ? undefined
          : "It has 1 to 64 letters, digits and any of '._!#^~-, and no @.",
    },
    { name: "name", label: "Display name", kind: "text", isRequired: true },
    {
      name: "password",
      label: "Password",
      kind: "secret",
      isRequired: true,
      hint: "8 to 256 characters with three of: lower case, upper case, digit, another sign.",
      check: passwordProblem,
    },
  ];
}

/** The server's rule (identity/graph/user.ts). */
function passwordProblem(text: string): string | undefined {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text));
  if (text.length < 8 || text.length > 256) return "It has 8 to 256 characters.";
  return kinds.length >= 3
    ? undefined
    : "It has three of: lower case, upper case, digit, another sign.";
}

export function NewUser({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const domain = useAccount().userName.split("@")[1] ?? "";
  const form = useForm(initial, () => fieldsOf(domain));
  const creation = useTask({
    run: ({ nickname, name, password }: Values) =>
      call(graph, {
        method: "POST",
        path: "/users",
        body: {
          accountEnabled: true,
          displayName: name,
          mailNickname: nickname,
          userPrincipalName: `${nickname}@${domain}`,
          passwordProfile: { password, forceChangePasswordNextSignIn: false },
        },
      }),
    done: ({ name }) => `User ${name} created`,
    failed: ({ name }) => `User ${name} could not be created`,
    changes: [["graph"]],
    onDone: () => {
      form.reset();
      onClose();
    },
  });
  return (
    <FormPanel
      title="New user"
      verb="Create"
      isOpen={isOpen}
      form={form}
      fields={fieldsOf(domain)}
      task={creation}
      onClose={onClose}
    />
  );
}
