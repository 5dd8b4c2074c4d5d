// Logins, users, roles, GRANT, DENY and REVOKE.
import type { Name } from "../ast.ts";
import { refuseOption } from "../error.ts";
import type { Securable, Statement } from "../statement.ts";
import {
  acceptOneOf,
  acceptOp,
  acceptWord,
  type Cursor,
  expectOp,
  expectWord,
  here,
  identifier,
  isOp,
  isWord,
  list,
  name,
  next,
  parenthesized,
  peek,
  stringLiteral,
  unexpected,
} from "./cursor.ts";
import { namedOption } from "./option.ts";

type At = Name["at"];

export function createUser(cursor: Cursor, at: At): Statement {
  const userName = identifier(cursor);
  let source: Extract<Statement, { kind: "createUser" }>["source"] = {
    kind: "login",
    login: userName,
  };
  let defaultSchema: string | undefined;
  if (acceptWord(cursor, "FROM", "EXTERNAL", "PROVIDER")) source = { kind: "external" };
  else if (acceptWord(cursor, "WITHOUT", "LOGIN")) source = { kind: "withoutLogin" };
  else if (acceptOneOf(cursor, ["FOR", "FROM"])) {
    expectWord(cursor, "LOGIN");
    source = { kind: "login", login: identifier(cursor) };
  }
  if (acceptWord(cursor, "WITH")) {
    list(cursor, (inner) => {
      const option = namedOption(inner);
      const text = "text" in option.value ? option.value.text : unexpected(inner);
      if (option.name === "PASSWORD") source = { kind: "password", password: text };
      else if (option.name === "DEFAULT_SCHEMA") defaultSchema = text;
      else refuseOption(option.at, option.name);
    });
  }
  return { kind: "createUser", at, name: userName, source, defaultSchema };
}

export function alterUser(cursor: Cursor, at: At): Statement {
  const userName = identifier(cursor);
  expectWord(cursor, "WITH");
  return { kind: "alterUser", at, name: userName, options: list(cursor, namedOption) };
}

export function createLogin(cursor: Cursor, at: At, alter: boolean): Statement {
  const loginName = identifier(cursor);
  if (acceptWord(cursor, "FROM", "EXTERNAL", "PROVIDER"))
    return { kind: "createLogin", at, name: loginName, password: undefined };
  expectWord(cursor, "WITH");
  expectWord(cursor, "PASSWORD");
  expectOp(cursor, "=");
  const password = stringLiteral(cursor);
  while (acceptOp(cursor, ",")) refuseOption(here(cursor), namedOption(cursor).name);
  return alter
    ? { kind: "alterLogin", at, name: loginName, password }
    : { kind: "createLogin", at, name: loginName, password };
}

export function createRole(cursor: Cursor, at: At): Statement {
  const roleName = identifier(cursor);
  const owner = acceptWord(cursor, "AUTHORIZATION") ? identifier(cursor) : undefined;
  return { kind: "createRole", at, name: roleName, owner };
}

export function alterRole(cursor: Cursor, at: At): Statement {
  const roleName = identifier(cursor);
  const action = acceptOneOf(cursor, ["ADD", "DROP"]) ?? unexpected(cursor);
  expectWord(cursor, "MEMBER");
  return {
    kind: "alterRole",
    at,
    name: roleName,
    action: action === "ADD" ? "add" : "drop",
    member: identifier(cursor),
  };
}

export function dropPrincipal(cursor: Cursor, at: At): Statement | undefined {
  const what = acceptOneOf(cursor, ["USER", "ROLE", "LOGIN"]);
  if (what === undefined) return undefined;
  const ifExists = acceptWord(cursor, "IF", "EXISTS");
  const principal = identifier(cursor);
  if (what === "LOGIN") return { kind: "dropLogin", at, name: principal };
  return { kind: what === "USER" ? "dropUser" : "dropRole", at, name: principal, ifExists };
}

export function permission(cursor: Cursor, action: "grant" | "deny" | "revoke"): Statement {
  const at = next(cursor).at;
  let grantOption = action === "revoke" && acceptWord(cursor, "GRANT", "OPTION", "FOR");
  const permissions = list(cursor, permissionName);
  const on = acceptWord(cursor, "ON") ? securable(cursor) : undefined;
  // Columns stand behind the permission, or behind the object for all permissions.
  const columns = on && isOp(cursor, "(") ? parenthesized(cursor, identifier) : [];
  if (acceptOneOf(cursor, action === "revoke" ? ["TO", "FROM"] : ["TO"]) === undefined)
    unexpected(cursor);
  const principals = list(cursor, (inner) =>
    isWord(inner, "PUBLIC") ? next(inner).value : identifier(inner),
  );
  if (acceptWord(cursor, "WITH", "GRANT", "OPTION")) grantOption = true;
  const cascade = acceptWord(cursor, "CASCADE");
  const named = permissions.map((each) => ({ ...each, columns: [...each.columns, ...columns] }));
  return {
    kind: "permission",
    at,
    action,
    permissions: named,
    on,
    principals,
    grantOption,
    cascade,
  };
}

/** Words up to ON, TO, FROM, a comma or a column list: `VIEW DATABASE STATE`, `SELECT (a, b)`. */
function permissionName(cursor: Cursor) {
  const at = here(cursor);
  const words: string[] = [];
  while (
    peek(cursor).kind === "word" &&
    !isWord(cursor, "ON") &&
    !isWord(cursor, "TO") &&
    !isWord(cursor, "FROM")
  ) {
    words.push(next(cursor).keyword);
  }
  if (words.length === 0) unexpected(cursor);
  const columns = isOp(cursor, "(") ? parenthesized(cursor, identifier) : [];
  return { at, name: words.join(" "), columns };
}

function securable(cursor: Cursor): Securable {
  const at = here(cursor);
  if (isOp(cursor, "::", 1)) {
    const token = next(cursor);
    next(cursor);
    const word = token.keyword.toLowerCase();
    if (
      word !== "schema" &&
      word !== "object" &&
      word !== "database" &&
      word !== "role" &&
      word !== "user"
    ) {
      return refuseOption(at, `${token.text}::`);
    }
    return { at, class: word, name: name(cursor) };
  }
  const objectName = name(cursor);
  return { at, class: "object", name: objectName };
}
