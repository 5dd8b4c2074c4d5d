// The house rules as a test: sizes, names, banned words and calls, import directions, circles. Reads
// the tree as text; each finding names the rule and, where there is one, the way out.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { checkImports } from "./tidy/import-rule.ts";
import { importsOf, type SourceFile } from "./tidy/source.ts";
import { checkText } from "./tidy/text-rule.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

function listFiles(): string[] {
  const output = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  return output.split("\n").filter((path) => path !== "");
}

function read(path: string): SourceFile | undefined {
  try {
    const text = readFileSync(join(root, path), "utf8");
    const isCode = /\.(?:ts|tsx|js)$/.test(path);
    const imports = isCode
      ? importsOf(text).map((specifier) =>
          specifier.startsWith(".") ? normalize(join(dirname(path), specifier)) : specifier,
        )
      : [];
    return { path, text, imports };
  } catch {
    // Listed by git and deleted in the tree: nothing to check.
    return undefined;
  }
}

const isText = /\.(?:ts|tsx|js|json|md|sql|html|css|py|sh|yml)$|^\.ci\/run$|^[A-Z]+$/;
const files = listFiles()
  .filter((path) => isText.test(path) && !path.endsWith("package-lock.json"))
  .flatMap((path) => read(path) ?? []);
const findings = [...checkText(files), ...checkImports(files)].sort();
for (const finding of findings) console.error(finding);
console.log(`tidy: ${files.length} files, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;
