// Asks again for what a page shows.

import { ArrowClockwiseRegular } from "@fluentui/react-icons";
import { CommandButton } from "./command-button.tsx";

export function RefreshButton({ onRefresh }: { onRefresh(): unknown }) {
  return (
    <CommandButton icon={<ArrowClockwiseRegular />} onClick={() => void onRefresh()}>
      Refresh
    </CommandButton>
  );
}
