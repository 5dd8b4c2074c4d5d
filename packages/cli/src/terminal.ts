// How a command speaks: results on stdout, progress and questions on stderr, colours only where a
// person looks and NO_COLOR (no-color.org) is unset.

import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { styleText } from "node:util";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

export interface Terminal {
  /** Whether questions can be asked. */
  readonly isInteractive: boolean;
  /** A line of the result. */
  print(line: string): void;
  /** A line about the work: shown even when stdout is a pipe. */
  note(line: string): void;
  paint(style: Style, text: string): string;
  /** Asks on stderr; true for yes. Only where `isInteractive`. */
  confirm(question: string): Promise<boolean>;
  /** A secret: typed without being shown, or all of a pipe. */
  readSecret(prompt: string): Promise<string>;
  /** All of stdin. */
  readInput(): Promise<string>;
}

export function createTerminal(environment: NodeJS.ProcessEnv): Terminal {
  const { stdin, stdout, stderr } = process;
  const isColoured = stdout.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb";
  return {
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    print: (line) => void stdout.write(`${line}\n`),
    note: (line) => void stderr.write(`${line}\n`),
    paint: (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text),
    async confirm(question) {
      return /^y(es)?$/i.test((await ask(`${question} [y/N] `, stderr)).trim());
    },
    async readSecret(prompt) {
      if (!stdin.isTTY) return readAll();
      stderr.write(prompt);
      const typed = await ask("", unseen);
      stderr.write("\n");
      return typed;
    },
    readInput: readAll,
  };
}

const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });

/** The line that is typed; nothing at the end of input. Ctrl-C ends the process as it should. */
function ask(question: string, output: NodeJS.WritableStream): Promise<string> {
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  return new Promise((resolve) => {
    reader.once("SIGINT", () => {
      reader.close();
      process.kill(process.pid, "SIGINT");
    });
    reader.once("close", () => resolve(""));
    reader.question(question, (line) => {
      resolve(line);
      reader.close();
    });
  });
}

async function readAll(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}

/** Columns side by side, two spaces apart, as wide as their widest cell. */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    }
  }
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
