// How the status of an edge is said and coloured.

import { tokens } from "@fluentui/react-components";
import type { Status } from "./model.ts";

export const statusTexts: Readonly<Record<Status, string>> = {
  ok: "In place",
  missing: "Missing",
  unknown: "Not known: you may not look",
};

export const statusColors: Readonly<Record<Status, string>> = {
  ok: tokens.colorPaletteGreenForeground1,
  missing: tokens.colorPaletteRedForeground1,
  unknown: tokens.colorNeutralForeground3,
};
