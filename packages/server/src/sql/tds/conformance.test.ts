// The wire against tedious, unmodified: handshakes, requests, cancellation, bulk load.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Connection, type ConnectionError, ISOLATION_LEVEL, Request, TYPES } from "tedious";
import type { SqlEvent, SqlValue } from "../session.ts";
import {
  failure,
  password,
  preparedHandle,
  resultSet,
  tenColumns,
  token,
} from "./testing/fixed-front.ts";
import {
  closeConnection,
  collect,
  connect,
  type Options,
  type Parameter,
} from "./testing/tedious-client.ts";
import { startWire, type Wire } from "./testing/wire.ts";

let wire: Wire;
before(async () => {
  wire = await startWire({
    allowPlain: true,
    federatedSignIn: { stsUrl: "https://login.example/tenant", spn: "https://database.example/" },
  });
});
after(async () => {
  await wire.listener.close();
  assert.deepEqual(wire.errors, []);
});

const int = { name: "n", type: { name: "int" }, nullable: false } as const;

async function withConnection<T>(
  run: (connection: Connection) => Promise<T>,
  options?: Options,
): Promise<T> {
  const connection = await connect(wire.port, options === undefined ? {} : { options });
  try {
    return await run(connection);
  } finally {
    await closeConnection(connection);
  }
}

describe("login", () => {
  for (const [encrypt, name] of [
    [false, "over plain TCP where it is allowed"],
    [true, "over TLS inside TDS packets"],
    ["strict", "over TDS 8.0"],
  ] as const) {
    test(`a client logs in ${name} and reads a result`, async () => {
      wire.front.answers.set("one", () => resultSet([int], [[1]]));
      const answer = await withConnection((c) => collect(c, "one"), { encrypt });
      assert.deepEqual(answer.rows, [[1]]);
      assert.equal(wire.front.logins.at(-1)!.workspace, "ws1");
      const expected = { kind: "password", user: "sa", password };
      assert.deepEqual(wire.front.logins.at(-1)!.credential, expected);
    });
  }

  test("plain TCP is refused unless it is allowed", async () => {
    const closed = await startWire();
    await assert.rejects(
      connect(closed.port, { options: { encrypt: false } }),
      /requires encryption/,
    );
    await closed.listener.close();
  });

  test("a wrong password is told as error 18456", async () => {
    const options = { userName: "eve", password: "no" };
    const attempt = connect(wire.port, { authentication: { type: "default", options } });
    await assert.rejects(attempt, (error: ConnectionError) => {
      assert.equal(error.code, "ELOGIN");
      assert.match(error.message, /Login failed for user 'eve'/);
      return true;
    });
  });

  test("an unknown database is told as error 4060", async () => {
    const attempt = connect(wire.port, { options: { database: "missing" } });
    await assert.rejects(attempt, /Cannot open database/);
  });

  test("an access token in LOGIN7 reaches the front", async () => {
    const authentication = { type: "azure-active-directory-access-token", options: { token } };
    const connection = await connect(wire.port, { authentication });
    await closeConnection(connection);
    assert.deepEqual(wire.front.logins.at(-1)!.credential, { kind: "token", token });
  });

  test("the ADAL workflow names token service and resource, and takes the token", async () => {
    const asked: unknown[] = [];
    const credential = {
      getToken: (scope: unknown) => {
        asked.push(scope);
        return Promise.resolve({ token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER });
      },
    };
    const authentication = { type: "token-credential", options: { credential } };
    const connection = await connect(wire.port, { authentication });
    await closeConnection(connection);
    assert.deepEqual(asked, ["https://database.example/.default"]);
    assert.deepEqual(wire.front.logins.at(-1)!.credential, { kind: "token", token });
  });

  test("database, application and packet size are negotiated", async () => {
    await withConnection(
      async () => {
        const { database, applicationName } = wire.front.logins.at(-1)!;
        assert.deepEqual(
          { database, applicationName },
          { database: "pool1", applicationName: "app" },
        );
      },
      { database: "pool1", appName: "app", packetSize: 16_384 },
    );
  });
});

/** A row a type: what the client sends, and what comes back through the server's own encoder. */
const when = new Date(Date.UTC(2024, 1, 29, 23, 59, 58, 123));
const far = new Date(Date.UTC(9999, 11, 31));
const long = "péché €".repeat(20_000);
const types: [name: string, parameter: Omit<Parameter, "name">, expected?: unknown][] = [
  ["bit", { type: TYPES.Bit, value: true }],
  ["tinyint", { type: TYPES.TinyInt, value: 255 }],
  ["smallint", { type: TYPES.SmallInt, value: -32_768 }],
  ["int", { type: TYPES.Int, value: -2_147_483_648 }],
  ["bigint", { type: TYPES.BigInt, value: "-9223372036854775808" }],
  ["real", { type: TYPES.Real, value: 0.5 }],
  ["float", { type: TYPES.Float, value: Math.PI }],
  ["decimal of 9", { type: TYPES.Decimal, value: -1234.56, options: { precision: 9, scale: 2 } }],
  [
    "decimal of 18",
    { type: TYPES.Decimal, value: -12_345_678.125, options: { precision: 18, scale: 3 } },
  ],
  ["decimal of 28", { type: TYPES.Numeric, value: 12_345.5, options: { precision: 28, scale: 1 } }],
  [
    "decimal of 38",
    { type: TYPES.Numeric, value: -98_765.25, options: { precision: 38, scale: 4 } },
  ],
  ["money", { type: TYPES.Money, value: -922_337.5807 }],
  ["smallmoney", { type: TYPES.SmallMoney, value: 214.3647 }],
  ["date", { type: TYPES.Date, value: far }],
  [
    "time",
    { type: TYPES.Time, value: when, options: { scale: 3 } },
    new Date(Date.UTC(1970, 0, 1, 23, 59, 58, 123)),
  ],
  ["datetime", { type: TYPES.DateTime, value: when }],
  ["smalldatetime", { type: TYPES.SmallDateTime, value: new Date(Date.UTC(2024, 1, 29, 23, 59)) }],
  ["datetime2(7)", { type: TYPES.DateTime2, value: when, options: { scale: 7 } }],
  ["datetime2(0)", { type: TYPES.DateTime2, value: far, options: { scale: 0 } }],
  ["datetimeoffset", { type: TYPES.DateTimeOffset, value: when, options: { scale: 7 } }],
  [
    "uniqueidentifier",
    { type: TYPES.UniqueIdentifier, value: "0E984725-C51C-4BF4-9960-E1C80E27ABA0" },
  ],
  ["char", { type: TYPES.Char, value: "abc", options: { length: 3 } }],
  ["char without its padding", { type: TYPES.Char, value: "a", options: { length: 3 } }, "a  "],
  ["nchar without its padding", { type: TYPES.NChar, value: "é", options: { length: 3 } }, "é  "],
  [
    "binary without its padding",
    { type: TYPES.Binary, value: Buffer.from([1]), options: { length: 3 } },
    Buffer.from([1, 0, 0]),
  ],
  ["varchar in code page 1252", { type: TYPES.VarChar, value: "5 € – œuvre" }],
  ["varchar without a mapping", { type: TYPES.VarChar, value: "日本" }, "??"],
  ["nvarchar", { type: TYPES.NVarChar, value: "日本 🚕" }],
  ["empty nvarchar", { type: TYPES.NVarChar, value: "" }],
  ["nvarchar(max)", { type: TYPES.NVarChar, value: long }],
  ["varchar(max)", { type: TYPES.VarChar, value: long }],
  ["text", { type: TYPES.Text, value: "old" }],
  ["varbinary", { type: TYPES.VarBinary, value: Buffer.from([0, 1, 255]) }],
  ["varbinary(max)", { type: TYPES.VarBinary, value: Buffer.alloc(300_000, 7) }],
  [
    "empty varbinary(max)",
    { type: TYPES.VarBinary, value: Buffer.alloc(0), options: { length: Infinity } },
  ],
];

describe("parameters", () => {
  let connection: Connection;
  before(async () => {
    connection = await connect(wire.port);
  });
  after(() => closeConnection(connection));

  for (const [name, given, expected = given.value] of types) {
    test(`${name} survives both directions, as column and as output parameter`, async () => {
      const parameter = { ...given, name: "p", output: true };
      const answer = await collect(connection, "echo", {
        ask: (c, r) => c.callProcedure(r),
        parameters: [parameter],
      });
      assert.equal(answer.error, undefined);
      assert.deepEqual(plain(answer.rows[0]![0]), plain(expected));
      assert.deepEqual(plain(answer.returned.p), plain(expected));
      assert.equal(answer.returnStatus, 0);
    });

    test(`a null ${name} survives both directions`, async () => {
      const parameter = { ...given, value: null, name: "p", output: true };
      const parameters = [parameter];
      const ask = (c: Connection, r: Parameters<Connection["callProcedure"]>[0]) =>
        c.callProcedure(r);
      const answer = await collect(connection, "echo", { ask, parameters });
      assert.equal(answer.error, undefined);
      assert.deepEqual(answer.rows, [[null]]);
      assert.deepEqual(answer.returned, { p: null });
    });
  }

  test("sp_executesql arrives by name with its texts and parameters", async () => {
    const parameters = [{ name: "a", type: TYPES.Int, value: 7 }];
    const answer = await collect(connection, "select @a", {
      ask: (c, r) => c.execSql(r),
      parameters,
    });
    assert.deepEqual(answer.rows, [[7]]);
    const { procedure, parameters: sent } = wire.front.calls.at(-1)!;
    assert.equal(procedure, "sp_executesql");
    assert.deepEqual(
      sent.map(({ name, value }) => [name, value]),
      [
        ["@statement", "select @a"],
        ["@params", "@a int"],
        ["@a", 7],
      ],
    );
    assert.equal(sent[0]!.type.name, "nvarchar");
  });

  test("sp_prepare, sp_execute and sp_unprepare arrive by name and share the handle", async () => {
    wire.front.calls.length = 0;
    const step = (event: string, start: (request: Request) => void, request: Request) =>
      new Promise<void>((resolve, reject) => {
        request.once(event, () => resolve());
        request.once("error", reject);
        start(request);
      });
    const finished: (Error | null | undefined)[] = [];
    const request = new Request("select @a", (error) => finished.push(error));
    request.addParameter("a", TYPES.Int, undefined);
    await step("prepared", (r) => connection.prepare(r), request);
    const rows: unknown[] = [];
    request.on("row", (columns: { value: unknown }[]) => rows.push(columns.map((c) => c.value)));
    await step("requestCompleted", (r) => connection.execute(r, { a: 5 }), request);
    await step("requestCompleted", (r) => connection.unprepare(r), request);
    const calls = wire.front.calls.map(({ procedure, parameters }) => [
      procedure,
      ...parameters.map(({ value, output }) => (output ? "output" : value)),
    ]);
    assert.deepEqual(calls, [
      ["sp_prepare", "output", "@a int", "select @a"],
      ["sp_execute", preparedHandle, 5],
      ["sp_unprepare", preparedHandle],
    ]);
    assert.deepEqual(rows[0], [preparedHandle, 5]);
    assert.ok(finished.every((error) => !error));
  });

  test("a procedure's return status and its error reach the client", async () => {
    const ask = (c: Connection, r: Parameters<Connection["callProcedure"]>[0]) =>
      c.callProcedure(r);
    assert.equal((await collect(connection, "status", { ask })).returnStatus, -6);
    const failed = await collect(connection, "fail", { ask });
    assert.match(failed.error!.message, /It failed/);
  });

  test("a table-valued parameter is refused by name and the connection goes on", async () => {
    const table = { columns: [{ name: "a", type: TYPES.Int }], rows: [[1]] };
    const parameters = [{ name: "t", type: TYPES.TVP, value: table }];
    const ask = (c: Connection, r: Parameters<Connection["callProcedure"]>[0]) =>
      c.callProcedure(r);
    const answer = await collect(connection, "echo", { ask, parameters });
    assert.match(answer.error!.message, /table-valued parameter is not supported/);
    assert.equal((await collect(connection, "status", { ask })).error, undefined);
  });

  test("a server cursor is refused by name", async () => {
    const ask = (c: Connection, r: Parameters<Connection["callProcedure"]>[0]) =>
      c.callProcedure(r);
    const answer = await collect(connection, "sp_cursoropen", { ask });
    assert.match(answer.error!.message, /Server cursor \(sp_cursoropen\) is not supported/);
  });
});

/** Dates of tedious carry extra properties; compare instants. */
function plain(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}

describe("results", () => {
  test("several result sets, row counts and messages keep their order", async () => {
    wire.front.answers.set("several", async function* (): AsyncGenerator<SqlEvent> {
      yield* resultSet([int], [[1], [2]]);
      const message = { number: 0, severity: 0, state: 1, line: 3, message: "half way" };
      yield { kind: "message", error: false, message };
      yield { kind: "done", rowCount: 5, command: "update" };
      yield* resultSet([{ ...int, name: "m" }], [[3]]);
    });
    const seen: string[] = [];
    const answer = await withConnection(async (connection) => {
      connection.on("infoMessage", (info) => seen.push(`info ${info.message}`));
      return collect(connection, "several", {
        onRequest(request) {
          request.on("row", (columns: { value: unknown }[]) =>
            seen.push(`row ${columns[0]!.value}`),
          );
          request.on("done", (count, more) => seen.push(`done ${count} ${more}`));
        },
      });
    });
    assert.deepEqual(seen.slice(-7), [
      "row 1",
      "row 2",
      "done 2 true",
      "info half way",
      "done 5 true",
      "row 3",
      "done 1 false",
    ]);
    assert.equal(answer.rowCount, 8);
    assert.deepEqual(
      answer.columns.map((set) => set[0]!.colName),
      ["n", "m"],
    );
  });

  test("an error after rows is told with number, state, class, line and procedure", async () => {
    wire.front.answers.set("breaks", async function* (): AsyncGenerator<SqlEvent> {
      yield { kind: "columns", columns: [int] };
      yield { kind: "rows", count: 1, vectors: [[1]] };
      const error = failure(8134, "Divide by zero error encountered.");
      Object.assign(error.detail, { procedure: "dbo.p", line: 12, state: 4 });
      throw error;
    });
    const { rows, error } = await withConnection((c) => collect(c, "breaks"));
    assert.deepEqual(rows, [[1]]);
    const { number, state, class: severity, lineNumber, procName, message } = error as never;
    assert.deepEqual(
      { number, state, severity, lineNumber, procName, message },
      {
        number: 8134,
        state: 4,
        severity: 16,
        lineNumber: 12,
        procName: "dbo.p",
        message: "Divide by zero error encountered.",
      },
    );
  });

  test("a fault of the front is told without its detail, and logged", async () => {
    wire.front.answers.set("bug", async function* (): AsyncGenerator<SqlEvent> {
      yield { kind: "columns", columns: [int] };
      throw new Error("secret detail");
    });
    const answer = await withConnection((c) => collect(c, "bug"));
    assert.match(answer.error!.message, /Internal Query Processor Error/);
    assert.equal(wire.errors.length, 1);
    wire.errors.length = 0;
  });

  test("cells that a column cannot carry end the statement, not the connection", async () => {
    const cells: [SqlValue, object][] = [
      [null, int],
      ["x".repeat(9), { ...int, type: { name: "varchar", length: 8 } }],
      [5, { ...int, type: { name: "nvarchar", length: 8 } }],
      ["no guid", { ...int, type: { name: "uniqueidentifier" } }],
    ];
    await withConnection(async (connection) => {
      for (const [cell, column] of cells) {
        wire.front.answers.set("bad", () => resultSet([column as typeof int], [[cell]]));
        const answer = await collect(connection, "bad");
        assert.match(answer.error!.message, /Internal Query Processor Error/);
        assert.deepEqual(answer.rows, []);
      }
    });
    assert.equal(wire.errors.length, cells.length);
    wire.errors.length = 0;
  });

  for (const packetSize of [512, 4096, 32_767]) {
    test(`many rows with nulls arrive whole in packets of ${packetSize} bytes`, async () => {
      wire.front.answers.set("many", () => tenColumns(5000));
      const { rows } = await withConnection((c) => collect(c, "many"), { packetSize });
      assert.equal(rows.length, 5000);
      for (const index of [0, 1, 2047, 2048, 4999]) {
        const row = index % 2048;
        assert.equal(rows[index]![0], String(row));
        assert.equal(rows[index]![4], row / 3);
        assert.equal(rows[index]![6], (row * 25 - 1000) / 100);
        assert.equal(rows[index]![8] === null, row % 5 === 3);
        assert.equal(rows[index]![9], row / 7);
      }
    });
  }

  test("rows longer than a packet and longer than a slab arrive whole", async () => {
    const text = { name: "t", type: { name: "nvarchar", length: "max" }, nullable: true } as const;
    const rows = [1, 100, 5000, 70_000, 400_000, 0, 33].map((length, index) => [
      index,
      length === 33 ? null : String.fromCharCode(97 + index).repeat(length),
      index,
    ]);
    wire.front.answers.set("long", () => resultSet([int, text, { ...int, name: "o" }], rows));
    const answer = await withConnection((c) => collect(c, "long"), { packetSize: 4096 });
    assert.deepEqual(answer.rows, rows);
  });

  test("a thousand wide nullable columns with nothing but nulls use compact rows", async () => {
    const columns = Array.from({ length: 1024 }, (_, index) => ({
      ...int,
      name: `c${index}`,
      nullable: true,
    }));
    const row = columns.map((_, index) => (index === 1000 ? 5 : null));
    wire.front.answers.set("sparse", () => resultSet(columns, [row, row]));
    const answer = await withConnection((c) => collect(c, "sparse"));
    assert.deepEqual(answer.rows, [row, row]);
  });
});

describe("sessions", () => {
  test("transactions of the transaction manager reach the session and the client", async () => {
    wire.front.journal.length = 0;
    await withConnection(async (connection) => {
      const step = (start: (done: (error?: Error | null) => void) => void) =>
        new Promise<void>((resolve, reject) => start((e) => (e ? reject(e) : resolve())));
      await step((done) => connection.beginTransaction(done, "t1", ISOLATION_LEVEL.READ_COMMITTED));
      await step((done) => connection.saveTransaction(done, "s1"));
      assert.equal((await collect(connection, "set nocount on")).error, undefined);
      await step((done) => connection.commitTransaction(done));
      await step((done) => connection.beginTransaction(done, "t2"));
      await step((done) => connection.rollbackTransaction(done));
      const serializable = ISOLATION_LEVEL.SERIALIZABLE;
      await assert.rejects(
        step((done) => connection.beginTransaction(done, "t3", serializable)),
        /SERIALIZABLE is not supported/,
      );
    });
    const steps = wire.front.journal.filter((entry) => !/^(batch|close)/.test(entry));
    assert.deepEqual(steps, ["begin t1", "save s1", "commit", "begin t2", "rollback"]);
  });

  test("a reset reaches the session and is acknowledged, back in the first database", async () => {
    wire.front.journal.length = 0;
    await withConnection(async (connection) => {
      const seen: string[] = [];
      connection.on("databaseChange", (database) => seen.push(database));
      await collect(connection, "use other");
      await new Promise<void>((resolve, reject) => {
        connection.reset((error) => (error ? reject(error) : resolve()));
      });
      assert.deepEqual(seen, ["other", "master"]);
    });
    assert.ok(wire.front.journal.includes("reset"));
  });

  test("cancelling stops a running request at once and the connection goes on", async () => {
    let stopped = false;
    wire.front.answers.set("endless", async function* (signal): AsyncGenerator<SqlEvent> {
      try {
        yield* tenColumns(Number.MAX_SAFE_INTEGER, { signal });
      } finally {
        stopped = signal.aborted;
      }
    });
    wire.front.answers.set("waiting", async function* (signal): AsyncGenerator<SqlEvent> {
      yield { kind: "done", rowCount: 1, command: "insert" };
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      throw failure(3617, "never told");
    });
    await withConnection(async (connection) => {
      let rows = 0;
      const endless = await collect(connection, "endless", {
        onRequest: (request) => request.on("row", () => ++rows === 100 && connection.cancel()),
      });
      assert.equal((endless.error as ConnectionError).code, "ECANCEL");
      assert.ok(stopped);
      const waiting = collect(connection, "waiting", {
        onRequest: (request) => request.on("requestCompleted", () => {}),
      });
      setImmediate(() => connection.cancel());
      assert.equal(((await waiting).error as ConnectionError).code, "ECANCEL");
      wire.front.answers.set("one", () => resultSet([int], [[1]]));
      assert.deepEqual((await collect(connection, "one")).rows, [[1]]);
    });
  });

  test("a client that vanishes aborts its request and closes its session", async () => {
    wire.front.journal.length = 0;
    const aborted = new Promise<void>((resolve) => {
      wire.front.answers.set("endless", async function* (signal): AsyncGenerator<SqlEvent> {
        signal.addEventListener("abort", () => resolve());
        yield* tenColumns(Number.MAX_SAFE_INTEGER, { signal });
      });
    });
    const connection = await connect(wire.port);
    void collect(connection, "endless", {
      onRequest: (request) => request.once("row", () => connection.close()),
    });
    await aborted;
  });

  test("bulk-loaded rows arrive as vectors", async () => {
    wire.front.loaded.length = 0;
    const count = await withConnection((connection) => {
      return new Promise((resolve, reject) => {
        const load = connection.newBulkLoad("t", (error, rows) =>
          error ? reject(error) : resolve(rows),
        );
        load.addColumn("a", TYPES.Int, { nullable: true });
        load.addColumn("b", TYPES.NVarChar, { nullable: true, length: 50 });
        load.addColumn("c", TYPES.VarBinary, { nullable: true, length: Number.POSITIVE_INFINITY });
        const blob = Buffer.alloc(200_000, 1);
        const rows = Array.from({ length: 5000 }, (_, index) => [
          index % 3 === 0 ? null : index,
          `row ${index}`,
          index === 7 ? blob : null,
        ]);
        connection.execBulkLoad(load, rows);
      });
    });
    assert.equal(count, 5000);
    const all = wire.front.loaded.flatMap(({ count: rows, vectors }) =>
      Array.from({ length: rows }, (_, row) => vectors.map((vector) => vector[row])),
    );
    assert.equal(all.length, 5000);
    assert.deepEqual(all[1], [1, "row 1", null]);
    assert.equal(all[3]![0], null);
    assert.equal((all[7]![2] as Uint8Array).length, 200_000);
  });

  test("a session without bulk loads refuses them by name and goes on", async () => {
    const plainWire = await startWire({ bulk: false });
    const connection = await connect(plainWire.port);
    const attempt = new Promise((resolve, reject) => {
      const load = connection.newBulkLoad("t", (error, rows) =>
        error ? reject(error) : resolve(rows),
      );
      load.addColumn("a", TYPES.Int, { nullable: true });
      connection.execBulkLoad(
        load,
        Array.from({ length: 10_000 }, (_, index) => [index]),
      );
    });
    await assert.rejects(attempt, /BULK INSERT of a client's rows is not supported/);
    assert.equal((await collect(connection, "set nocount on")).error, undefined);
    await closeConnection(connection);
    await plainWire.listener.close();
  });
});
