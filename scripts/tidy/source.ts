// A file as the rules see it.

export interface SourceFile {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
  /** Relative imports as paths from the root, others as written. */
  readonly imports: readonly string[];
}

const importPattern =
  /^\s*(?:import|export)\b[^;'"]*?\bfrom\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/gm;

/** Every specifier that a module imports, statically or not. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

/** Tests, and the folders `testing/` with what several tests of a plane share. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$|\/testing\//.test(path) || path.startsWith("tests/");
}

export function isGenerated(path: string): boolean {
  return /\.gen\.(?:ts|json)$/.test(path);
}
