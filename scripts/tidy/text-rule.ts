// Rules on one file's text and name: sizes, names, words.

import { isGenerated, isTest, type SourceFile } from "./source.ts";

const lineLengthMax = 120;
const fileLinesMax = 400;
const functionLinesMax = 70;

const bannedNames = /(?:^|\/)(?:utils?|helpers?|common|misc|base)(?:\.[a-z.]+)?$/i;
const fileName = /^[a-z0-9][a-z0-9.-]*$/;

/** Words that must not be in the repository: where it was made is nobody's business. */
const bannedWords: readonly [RegExp, string][] = [
  [/\b(?:TODO|FIXME|XXX|HACK)\b/, "unfinished work belongs in an issue"],
  [/\/work\/(?:main|shared)|\/root\/|\/tmp\/bash/, "a machine's path"],
];

const wordsExempt = /^(?:scripts\/tidy\/|docs\/|README\.md|ARCHITECTURE\.md|CONTRIBUTING\.md)/;

export function checkText(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => [
    ...checkName(file),
    ...checkSize(file),
    ...checkWords(file),
    ...checkFunctions(file),
    ...checkHeader(file),
  ]);
}

function isCode({ path }: SourceFile): boolean {
  return /\.tsx?$/.test(path) && !isGenerated(path);
}

function checkName(file: SourceFile): string[] {
  const findings: string[] = [];
  const name = file.path.split("/").at(-1) ?? "";
  const parts = file.path.replace(/\.[a-z.]+$/, "").split("/");
  if (isCode(file) && parts.some((part) => bannedNames.test(part))) {
    findings.push(
      `${file.path}: name: say what it is, not 'utils', 'helpers', 'common', 'misc' or 'base'`,
    );
  }
  if (isCode(file) && !/\.tsx$/.test(name) && !fileName.test(name)) {
    findings.push(`${file.path}: name: files are kebab-case`);
  }
  return findings;
}

function checkSize(file: SourceFile): string[] {
  if (!isCode(file)) return [];
  const findings: string[] = [];
  const lines = file.text.split("\n");
  if (!isTest(file.path) && lines.length > fileLinesMax + 1) {
    findings.push(
      `${file.path}: size: ${lines.length - 1} lines, ${fileLinesMax} at most: split it by noun`,
    );
  }
  for (const [index, line] of lines.entries()) {
    if (line.length <= lineLengthMax || /["'`/]/.test(line)) continue;
    findings.push(`${file.path}:${index + 1}: line: ${line.length} characters`);
  }
  return findings;
}

function checkWords(file: SourceFile): string[] {
  if (wordsExempt.test(file.path)) return [];
  const findings: string[] = [];
  for (const [pattern, reason] of bannedWords) {
    const match = pattern.exec(file.text);
    if (!match) continue;
    const line = file.text.slice(0, match.index).split("\n").length;
    findings.push(`${file.path}:${line}: word: '${match[0]}': ${reason}`);
  }
  return findings;
}

const functionStart =
  /^( *)(?:export )?(?:async )?function\*? (\w+)|^( *)(?:export )?const (\w+) = (?:async )?\([^)]*\)[^=]*=> \{$/;

/** A function ends at the line that closes its indentation, which the formatter guarantees. */
function checkFunctions(file: SourceFile): string[] {
  if (!isCode(file) || isTest(file.path)) return [];
  const lines = file.text.split("\n");
  const findings: string[] = [];
  for (const [index, line] of lines.entries()) {
    const match = functionStart.exec(line);
    if (!match) continue;
    const indent = match[1] ?? match[3] ?? "";
    const end = lines.findIndex(
      (candidate, at) => at > index && (candidate === `${indent}}` || candidate === `${indent}};`),
    );
    const length = end === -1 ? 0 : end - index + 1;
    if (length > functionLinesMax) {
      findings.push(
        `${file.path}:${index + 1}: size: ${match[2] ?? match[4]} has ${length} lines, ${functionLinesMax} at most`,
      );
    }
  }
  return findings;
}

function checkHeader(file: SourceFile): string[] {
  if (!isCode(file) || isTest(file.path)) return [];
  const first = file.text.startsWith("#!")
    ? file.text.slice(file.text.indexOf("\n") + 1)
    : file.text;
  return first.startsWith("//") ? [] : [`${file.path}: header: a file opens with what it is`];
}
