// `--as`: the principal that a command acts as on the running instance.

import type { TokenCredential } from "@azure/core-auth";
import type { Connection } from "@callosum/sdk/connection.ts";
import type { Contract } from "@callosum/server/main.ts";
import type { CommandRequest } from "./command.ts";
import { requireInstance } from "./instance.ts";

/** `who` is for help: "Who links". */
export function asOption(who: string) {
  return { kind: "text", value: "PRINCIPAL", summary: who, otherwise: "admin" } as const;
}

interface Opened {
  readonly contract: Contract;
  readonly api: Connection;
  readonly credential: TokenCredential;
}

/** Does work on the running instance as the principal of --as, and gives what the work gives. */
export async function asPrincipal<Result>(
  request: Pick<CommandRequest, "dataDirectory" | "environment"> & {
    readonly options: { readonly as: string | undefined };
  },
  work: (opened: Opened) => Promise<Result>,
): Promise<Result> {
  const { options, dataDirectory, environment } = request;
  const contract = await requireInstance(dataDirectory);
  const { openApiAs } = await import("./sign-in.ts");
  const { api, credential, close } = await openApiAs(options.as, { contract, environment });
  try {
    return await work({ contract, api, credential });
  } finally {
    await close();
  }
}
