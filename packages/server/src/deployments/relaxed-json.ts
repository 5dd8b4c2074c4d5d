// JSON as Resource Manager reads templates: comments, names and texts without or in single quotes,
// texts over several lines, a comma after the last member. azure-cli sends template files as they are,
// below an unquoted name, so every deployment of it is such a text.

// Each alternative ends at the text's end too, so that no text is looked through twice.
const token =
  /"((?:[^"\\]|\\(?:[\s\S]|$))*)("|$)|'((?:[^'\\]|\\(?:[\s\S]|$))*)('|$)|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[A-Za-z_$][\w$-]*/g;
const lastComma = /"(?:[^"\\]|\\(?:.|$))*(?:"|$)|,(?=\s*[}\]])/g;
const words = new Set(["true", "false", "null"]);

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
