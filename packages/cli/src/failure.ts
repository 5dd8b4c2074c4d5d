// What ended a command, in words: our own errors as they are, a service's refusal by its status.

import { CommandError, exitCodes } from "./command.ts";

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly exitCode: number;
  readonly details: readonly { readonly code: string; readonly message: string }[];
}

/** The shape of the SDK's RequestFailed, told by name: its module is not loaded for nothing. */
interface RequestFailed extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: readonly { readonly code: string; readonly message: string }[];
}

export function explainFailure(error: unknown): Failure {
  if (error instanceof CommandError) {
    const { code, message, hint, exitCode } = error;
    return { code, message, hint, exitCode, details: [] };
  }
  if (error instanceof Error && error.name === "RequestFailed") {
    const { code, message, status, details } = error as RequestFailed;
    const isRefused = status === 401 || status === 403;
    return {
      code,
      message: `${message} (${code}, status ${status})`,
      exitCode: isRefused ? exitCodes.refused : exitCodes.failed,
      details,
    };
  }
  if (error instanceof Error && error.name === "DirectoryInUse") {
    return {
      code: "AlreadyRunning",
      message: error.message,
      exitCode: exitCodes.failed,
      details: [],
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: "Unexpected", message, exitCode: exitCodes.failed, details: [] };
}
