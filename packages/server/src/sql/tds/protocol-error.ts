// The client broke the protocol: nothing that follows on its connection can be trusted, so the
// connection ends. A request that is merely unsupported is an SqlError and is answered.
import { SqlError } from "../session.ts";

export class ProtocolError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ProtocolError";
  }
}

/** Fewer bytes than the structure needs. Streaming readers catch it and wait for more. */
export class TruncatedError extends ProtocolError {
  constructor(message: string) {
    super(message);
    this.name = "TruncatedError";
  }
}

/** A value longer than its type: of a bulk load's row it is the client's mistake, and the load's end only. */
export class LengthError extends ProtocolError {
  constructor(message: string) {
    super(message);
    this.name = "LengthError";
  }
}

/** A well-formed request for something that this endpoint does not do, named. */
export function refusal(feature: string): SqlError {
  const message = `${feature} is not supported by this endpoint.`;
  return new SqlError({ number: 40514, severity: 16, state: 1, line: 1, message });
}
