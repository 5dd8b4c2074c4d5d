// JSON as Resource Manager reads templates: comments, names and texts without or in single quotes,
// texts over several lines, a comma after the last member. azure-cli sends template files as they are,
// below an unquoted name, so every deployment of it is such a text.

// Each alternative ends at the text's end too, so that no text is looked through twice.
const token =
  /"((?:[^"\\]|\\(?:[\s\S]|$))*)("|$)|'((?:[^'\\]|\\(?:[\s\S]|$))*)('|$)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[A-Za-z_$][\w$-]*/g;
const lastComma = /"(?:[^"\\]|\\(?:.|$))*(?:"|$)|,(?=\s*[}\]])/g;
const words = new Set(["true", "false", "null"]);

/**
 * The value of a text, and the strict text that places in it count by. A key that would reach an
 * object's prototype is refused rather than copied. Throws SyntaxError.
 */
export function readRelaxed(text: string): { readonly text: string; readonly value: unknown } {
  const strict = isJson(text) ? text : strictJson(text);
  return { text: strict, value: JSON.parse(strict, refusePrototype) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === "__proto__") throw new SyntaxError("The property name '__proto__' is not allowed.");
  return value;
}

/** Strict JSON of the same value. Line breaks between tokens stay, so lines can still be counted. */
export function strictJson(text: string): string {
  const strict = text.replace(token, (found, double, doubleEnd, single, singleEnd) => {
    if (doubleEnd === "" || singleEnd === "") return found;
    if (double !== undefined) return quote(double);
    if (single !== undefined) return quote(single.replaceAll("\\'", "'"));
    if (found.startsWith("/")) return found.replace(/[^\n]/g, " ");
    return words.has(found) ? found : `"${found}"`;
  });
  return strict.replace(lastComma, (found) => (found === "," ? "" : found));
}

/** The inside of a text in double quotes: escapes stay, what only single quotes allow is escaped. */
function quote(inside: string): string {
  const escaped = inside.replace(/\\[\s\S]|["\n\r\t]/g, (found) => {
    if (found === '"') return '\\"';
    if (found === "\\\n") return "\\n";
    return found.length === 2 ? found : JSON.stringify(found).slice(1, -1);
  });
  return `"${escaped}"`;
}
