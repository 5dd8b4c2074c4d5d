// Turns the flights of the vega-datasets package into the CSV that COPY INTO loads (README.md). The
// columns are those that train.py trained on; both read the same file.
//   node examples/flights/load.ts [rows] > flights.csv

import { fileURLToPath, pathToFileURL } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";

/** The whole table: half a year of flights. */
export const flightCount = 3_000_000;

export const createTable = `CREATE TABLE dbo.flights
(
  month int NOT NULL,
  weekday int NOT NULL,
  departure int NOT NULL,
  distance float NOT NULL,
  origin nvarchar(3) NOT NULL,
  destination nvarchar(3) NOT NULL,
  delay int NOT NULL
)
WITH
(
  DISTRIBUTION = ROUND_ROBIN,
  CLUSTERED COLUMNSTORE INDEX
)`;

/** Where the package keeps the file: beside its entry, which is all that it exports. */
export function flightsFile(): string {
  const entry = import.meta.resolve("vega-datasets");
  return fileURLToPath(new URL("../data/flights-3m.parquet", entry));
}

/**
 * Lines of the CSV, its header first: `rows` flights, evenly taken from all. `departure` is in minutes
 * after midnight, `weekday` 1 (Monday) to 7, `distance` in miles, `delay` in minutes.
 */
export async function* flightLines(rows: number = flightCount): AsyncGenerator<string> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  try {
    const step = Math.max(1, Math.floor(flightCount / rows));
    const result = await connection.stream(
      `SELECT month(date), isodow(date), hour(date) * 60 + minute(date), distance, origin, destination, delay
       FROM (SELECT *, row_number() OVER () AS n FROM read_parquet($file))
       WHERE n % ${step} = 0 LIMIT ${rows}`,
      { file: flightsFile() },
    );
    yield "month,weekday,departure,distance,origin,destination,delay\n";
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      yield `${chunk
        .getRows()
        .map((row) => row.join(","))
        .join("\n")}\n`;
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const rows = Number(process.argv[2] ?? flightCount);
  for await (const lines of flightLines(rows)) process.stdout.write(lines);
}
