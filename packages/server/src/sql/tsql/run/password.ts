// Passwords of logins and users, as Azure SQL wants them: 8 to 128 characters of three of four kinds,
// without the name that they belong to. Sources: "Password policy", "CREATE LOGIN"; the service says 40632
// where SQL Server says 15116 and 15118 (MicrosoftDocs/sql-docs issue 2300).
import type { Position } from "../ast.ts";
import { fail } from "../error.ts";

const lengthMin = 8;
const lengthMax = 128;
const kinds = [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/];
const kindsMin = 3;
/** Shorter names are in too many words. */
const nameLengthMin = 3;

export function requirePassword(
  { name, password }: { name: string; password: string },
  at: Position,
): void {
  if (password.length > lengthMax) fail(40631, at);
  const isNamed =
    name.length >= nameLengthMin && password.toLowerCase().includes(name.toLowerCase());
  const kindsMet = kinds.filter((kind) => kind.test(password)).length;
  if (password.length < lengthMin || kindsMet < kindsMin || isNamed) fail(40632, at);
}
