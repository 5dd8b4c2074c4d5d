// Entries of a verdict.

import {
  type HopName,
  hopNames,
  type Verdict,
  type VerdictHop,
} from "@callosum/contract/verdict.ts";

type Finding = Omit<VerdictHop, "hop" | "status">;

export function passed(hop: HopName, message: string): VerdictHop {
  return { hop, status: "passed", code: "0", reason: "ok", message };
}

export function skipped(hop: HopName, message: string, reason = "notReached"): VerdictHop {
  return { hop, status: "skipped", code: "0", reason, message };
}

export function failed(hop: HopName, finding: Finding): VerdictHop {
  return { hop, status: "failed", ...finding };
}

export function warned(hop: HopName, finding: Finding): VerdictHop {
  return { hop, status: "warning", ...finding };
}

/** All hops in order; one that nobody had anything to say about is skipped. */
export function toVerdict(findings: readonly VerdictHop[]): Verdict {
  const hops = hopNames.flatMap((name) => {
    const own = findings.filter(({ hop }) => hop === name);
    return own.length > 0 ? own : [skipped(name, "An earlier failure leaves nothing to look at.")];
  });
  const cause = hops.find(({ status }) => status === "failed");
  return { succeeded: !cause, ...(cause ? { cause: cause.reason } : {}), hops };
}
