// $filter by table: what passes, and what is refused by name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFilter, passes } from "./filter.ts";

const entity = {
  id: "7d0cbf1c-0000-4000-8000-000000000001",
  displayName: "O'Brien's app",
  accountEnabled: true,
  homepage: null,
  servicePrincipalNames: ["7d0cbf1c-0000-4000-8000-0000000000aa", "api://app"],
  passwordCredentials: [{ keyId: "k1", displayName: "first" }],
  web: { homePageUrl: "https://x" },
};

test("The forms that clients send choose what they say", () => {
  const rows: [string, boolean][] = [
    ["displayName eq 'O''Brien''s app'", true],
    ["displayname EQ 'o''brien''s APP'", true],
    ["displayName eq 'other'", false],
    ["startswith(displayName,'O''Bri')", true],
    ["startsWith(displayName, 'Bri')", false],
    ["accountEnabled eq true", true],
    ["accountEnabled eq false", false],
    ["homepage eq null", true],
    ["id eq 7d0cbf1c-0000-4000-8000-000000000001", true],
    ["id in ('x', '7D0CBF1C-0000-4000-8000-000000000001')", true],
    ["id in ('x')", false],
    ["servicePrincipalNames/any(c:c eq 'API://app')", true],
    ["servicePrincipalNames/any(c:c eq 'nothing')", false],
    ["servicePrincipalNames/any(n:startswith(n,'api:'))", true],
    ["passwordCredentials/any(p:p/keyId eq 'k1')", true],
    ["web/homePageUrl eq 'https://x'", true],
    ["displayName eq 'x' or accountEnabled eq true and homepage eq null", true],
    ["(displayName eq 'x' or accountEnabled eq true) and homepage eq 'y'", false],
    [" displayName  eq  'x' ", false],
  ];
  for (const [text, expected] of rows) {
    assert.equal(passes(parseFilter(text), entity), expected, text);
  }
});

test("Everything else is refused, and says what it is", () => {
  const rows: [string, string, RegExp][] = [
    ["displayName ne 'x'", "Request_UnsupportedQuery", /operator 'ne'/],
    ["createdDateTime ge 2024", "Request_UnsupportedQuery", /operator 'ge'/],
    ["endswith(displayName,'x')", "Request_UnsupportedQuery", /function 'endswith'/],
    ["tags/all(t:t eq 'x')", "Request_UnsupportedQuery", /function 'tags\/all'/],
    ["displayName eq 'x' order", "Request_UnsupportedQuery", /'order' after/],
    ["not (displayName eq 'x')", "Request_UnsupportedQuery", /function 'not'/],
    ["nothing eq 'x'", "BadRequest", /property named 'nothing'/],
    ["__proto__ eq 'x'", "BadRequest", /property named '__proto__'/],
    ["displayName/any(c:c eq 'x')", "BadRequest", /not a collection/],
    ["servicePrincipalNames/any(c:d eq 'x')", "BadRequest", /'d' is not 'c'/],
    ["displayName eq", "BadRequest", /too early/],
    ["", "BadRequest", /too early/],
    ["displayName eq 'x", "BadRequest", /Syntax error at position 14/],
    ["startswith(displayName,true)", "BadRequest", /compares with a text/],
    [`${"(".repeat(100)}id eq 'x'${")".repeat(100)}`, "BadRequest", /too deeply/],
    [`id eq '${"x".repeat(5000)}'`, "BadRequest", /too long/],
  ];
  for (const [text, code, message] of rows) {
    assert.throws(() => passes(parseFilter(text), entity), { code, message }, text);
  }
});
