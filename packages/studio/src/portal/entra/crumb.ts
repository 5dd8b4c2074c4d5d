// Where the lists of the directory lie.

import type { Crumb } from "../../control/page-frame.tsx";

export const entraCrumbs: readonly Crumb[] = [
  { label: "Home", to: "/" },
  { label: "Microsoft Entra ID", to: "/entra" },
];
