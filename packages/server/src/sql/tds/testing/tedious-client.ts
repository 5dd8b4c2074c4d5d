// tedious behind promises: connect, ask, collect. Types are loose where tedious' own are.
import { Connection, type ConnectionConfiguration, Request, type TYPES } from "tedious";
import { certificate } from "./certificate.ts";
import { password } from "./fixed-front.ts";

/** tedious does not export its own. */
interface ColumnMetadata {
  colName: string;
}

export type Options = NonNullable<ConnectionConfiguration["options"]>;
type TediousType = (typeof TYPES)[keyof typeof TYPES];

export interface Parameter {
  name: string;
  type: TediousType;
  value: unknown;
  output?: boolean;
  options?: object;
}

interface Collected {
  columns: ColumnMetadata[][];
  rows: unknown[][];
  rowCount: number | undefined;
  error: Error | undefined;
  returned: Record<string, unknown>;
  returnStatus: number | undefined;
}

export function connect(
  port: number,
  given: { options?: Options; authentication?: object; server?: string } = {},
): Promise<Connection> {
  const { options, server = "localhost" } = given;
  const authentication = given.authentication ?? {
    type: "default",
    options: { userName: "sa@ws1", password },
  };
  const connection = new Connection({
    server,
    authentication,
    options: {
      port,
      encrypt: true,
      trustServerCertificate: options?.encrypt !== "strict",
      cryptoCredentialsDetails: { ca: certificate.cert },
      connectTimeout: 5000,
      ...options,
    },
  } as ConnectionConfiguration);
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve(connection)));
  });
}

type Ask = (connection: Connection, request: Request) => void;

/** Runs a request and keeps all that it answered, its error included. */
export function collect(
  connection: Connection,
  text: string,
  {
    ask = (c, r) => c.execSqlBatch(r),
    parameters = [],
    onRequest,
  }: {
    ask?: Ask;
    parameters?: readonly Parameter[];
    onRequest?: (request: Request) => void;
  } = {},
): Promise<Collected> {
  return new Promise((resolve) => {
    const collected: Collected = {
      columns: [],
      rows: [],
      rowCount: undefined,
      error: undefined,
      returned: {},
      returnStatus: undefined,
    };
    const request = new Request(text, (error, rowCount) => {
      resolve({ ...collected, error: error ?? undefined, rowCount });
    });
    for (const { name, type, value, output, options } of parameters) {
      if (output) request.addOutputParameter(name, type, value, options);
      else request.addParameter(name, type, value, options);
    }
    request.on("columnMetadata", (columns) => {
      collected.columns.push(columns as ColumnMetadata[]);
    });
    request.on("row", (columns: { value: unknown }[]) => {
      collected.rows.push(columns.map((column) => column.value));
    });
    request.on("returnValue", (name, value) => {
      collected.returned[name] = value;
    });
    request.on("doneProc", (_count, _more, status) => {
      collected.returnStatus = status;
    });
    onRequest?.(request);
    ask(connection, request);
  });
}

export function closeConnection(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    connection.once("end", () => resolve());
    connection.close();
  });
}
