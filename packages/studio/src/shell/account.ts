// The signed-in person, for any component.

import { createContext, useContext } from "react";
import type { Account } from "../sign-in/session.ts";

export const AccountContext = createContext<Account | undefined>(undefined);

export function useAccount(): Account {
  const account = useContext(AccountContext);
  if (!account) throw new Error("Nobody is signed in.");
  return account;
}
