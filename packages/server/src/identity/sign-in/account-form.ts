// The forms that ask who someone is: a password, or the account that is signed in already.

import type { ServiceError } from "@callosum/contract/error.ts";
import type { User } from "../object.ts";
import { type Html, html } from "./page.ts";

export function passwordForm(form: {
  token: Html;
  action: string;
  /** What the person signs in to. */
  client: string;
  userName: string;
  error?: ServiceError | undefined;
  canCancel: boolean;
}): Html {
  const { token, action, client, userName, error, canCancel } = form;
  const cancel = html`<button class="quiet" name="action" value="cancel" formnovalidate>Cancel</button>`;
  return html`<p>to continue to <strong>${client}</strong></p>
${error && html`<p role="alert">${explain(error)} <small>(${error.code})</small></p>`}
<form method="post" action="${action}">${token}
<label for="username">User name</label>
<input id="username" name="username" type="email" autocomplete="username" required ${focus(userName === "")} value="${userName}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required ${focus(userName !== "")}>
<button name="action" value="password">Sign in</button> ${canCancel ? cancel : undefined}
</form>`;
}

export function accountForm(form: {
  token: Html;
  action: string;
  client: string;
  user: User;
}): Html {
  const { token, action, client, user } = form;
  return html`<p>to continue to <strong>${client}</strong></p>
<form method="post" action="${action}">${token}
<button class="account" name="action" value="continue">${user.displayName}<br><small>${user.userPrincipalName}</small></button>
<button class="quiet" name="action" value="other">Use another account</button>
<button class="quiet" name="action" value="cancel">Cancel</button>
</form>`;
}

function focus(here: boolean): Html | undefined {
  return here ? html`autofocus` : undefined;
}

/** In a person's words; the code beside it leads to Entra's. */
function explain(error: ServiceError): string {
  switch (error.code) {
    case "AADSTS50126":
      return "Your user name or password is incorrect.";
    case "AADSTS50053":
      return "There were too many attempts. Wait a minute and try again.";
    case "AADSTS50057":
      return "This account is disabled. Ask an administrator of the directory.";
    default:
      return error.message;
  }
}
