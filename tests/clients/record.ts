// What a client did here, kept for docs/clients.md: written to scripts/clients/<name>.json, which
// `npm run gen` renders, only when CALLOSUM_RECORD=1 asks for it.

import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const lineLengthMax = 100;

/** One row of docs/clients.md. */
export interface ClientRecord {
  readonly client: string;
  readonly version: string;
  /** What it runs on or comes from when that matters: `Python 3.11.7`, `built from source`. */
  readonly platform?: string;
  /** The test that drives it, from the repository's root. */
  readonly test: string;
  readonly operations: readonly string[];
  readonly result: "passed" | "failed";
  readonly deviations: readonly string[];
  /** `2026-11-21`. */
  readonly date: string;
}

export interface Recorder {
  /** A test's function: when it ends well, these operations were exercised. */
  covers(operations: readonly string[], test: () => Promise<void>): () => Promise<void>;
  /** For `after()`: writes the record. */
  write(): void;
}

/**
 * @param name file name of the record, `azure-cli`
 * @param known what the client can't do here, each one sentence
 */
export function openRecord(
  name: string,
  client: Pick<ClientRecord, "client" | "version" | "platform" | "test">,
  known: readonly string[] = [],
): Recorder {
  const operations: string[] = [];
  let failures = 0;
  return {
    covers(exercised, test) {
      return async () => {
        try {
          await test();
        } catch (error) {
          failures += 1;
          throw error;
        }
        operations.push(...exercised);
      };
    },
    write() {
      if (process.env.CALLOSUM_RECORD !== "1") return;
      const record: ClientRecord = {
        ...client,
        operations,
        result: failures === 0 ? "passed" : "failed",
        deviations: known,
        date: new Date().toISOString().slice(0, 10),
      };
      const folder = fileURLToPath(new URL("../../scripts/clients/", import.meta.url));
      mkdirSync(folder, { recursive: true });
      writeFileSync(`${folder}${name}.json`, formatRecord(record));
    },
  };
}

/** JSON as the formatter leaves it: an array on one line where it fits. */
function formatRecord(record: ClientRecord): string {
  const given = Object.entries(record).filter(([, value]) => value !== undefined);
  const members = given.map(([key, value]) => {
    const start = `  ${JSON.stringify(key)}: `;
    if (!Array.isArray(value)) return start + JSON.stringify(value);
    const items = value.map((item) => JSON.stringify(item));
    const line = `${start}[${items.join(", ")}]`;
    // A comma follows.
    if (line.length < lineLengthMax) return line;
    return `${start}[\n${items.map((item) => `    ${item}`).join(",\n")}\n  ]`;
  });
  return `{\n${members.join(",\n")}\n}\n`;
}
