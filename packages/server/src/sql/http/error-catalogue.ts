// Errors that end a query over HTTP before its first line; later ones are messages of the stream.
import { defineErrors, type ServiceError } from "@callosum/contract/error.ts";
import { SqlError, type SqlMessage } from "../session.ts";

interface Refusal {
  message: string;
  number: number;
  severity: number;
  state: number;
}

const text = ({ message }: Refusal) => message;
const source = "message numbers: the T-SQL front's own; statuses: inferred";

const failSql = defineErrors({
  SqlLoginRefused: { status: "forbidden", source, text },
  SqlPoolPaused: { status: "conflict", source, text },
  SqlUnavailable: { status: "unavailable", source, text },
});

const codes: Readonly<Record<number, keyof typeof failSql>> = {
  4060: "SqlLoginRefused",
  18456: "SqlLoginRefused",
  42108: "SqlPoolPaused",
};

/** A login's refusal; other errors are given back as they are. */
export function loginRefusal(error: unknown): unknown {
  if (!(error instanceof SqlError)) return error;
  return failSql[codes[error.detail.number] ?? "SqlUnavailable"](refusalOf(error.detail));
}

function refusalOf({ message, number, severity, state }: SqlMessage): Refusal {
  return { message, number, severity, state };
}

/** The message number of a refusal, for the envelope. */
export function numberOf(error: ServiceError): Partial<Refusal> {
  const { number, severity, state } = error.facts as Partial<Refusal>;
  return number === undefined ? {} : ({ number, severity, state } as Partial<Refusal>);
}
