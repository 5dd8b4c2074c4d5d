import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../fixture/server.ts";
import { apiVersion, deploymentPath, groupPath, schema, valuesOf } from "./deployment-fixture.ts";

const account = {
  type: "Microsoft.Storage/storageAccounts",
  apiVersion: "2023-01-01",
  name: "accounta",
  location: "westeurope",
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
};
const other = { ...account, name: "accountb" };

interface Malformed {
  readonly title: string;
  readonly template?: unknown;
  readonly parameters?: Record<string, unknown>;
  /** Instead of a body made of the template. */
  readonly body?: unknown;
  readonly code: string;
  readonly says: RegExp;
  /** The JSON path that the answer names. */
  readonly path?: string;
}

function template(parts: Record<string, unknown>): Record<string, unknown> {
  return { $schema: schema, contentVersion: "1.0.0.0", resources: [], ...parts };
}

function invalid(
  title: string,
  parts: Record<string, unknown>,
  says: RegExp,
  path?: string,
): Malformed {
  return {
    title,
    template: template(parts),
    code: "InvalidTemplate",
    says,
    ...(path === undefined ? {} : { path }),
  };
}

const text = { type: "string" };
const rows: readonly Malformed[] = [
  { title: "no body", body: "", code: "InvalidRequestContent", says: /object/ },
  { title: "a body that is no JSON", body: "{", code: "InvalidRequestContent", says: /JSON/ },
  { title: "no properties", body: {}, code: "InvalidRequestContent", says: /properties/ },
  {
    title: "no template",
    body: { properties: { mode: "Incremental" } },
    code: "InvalidRequestContent",
    says: /template/,
  },
  {
    title: "no mode",
    body: { properties: { template: template({}) } },
    code: "InvalidRequestContent",
    says: /mode/,
  },
  {
    title: "Complete mode",
    body: { properties: { mode: "Complete", template: template({}) } },
    code: "NotSupportedHere",
    says: /'Complete'/,
  },
  {
    title: "a template elsewhere",
    body: { properties: { mode: "Incremental", templateLink: { uri: "https://x.test/a.json" } } },
    code: "InvalidContentLink",
    says: /'x\.test' is not listed/,
  },
  {
    title: "a template spec",
    body: { properties: { mode: "Incremental", templateLink: { id: "/subscriptions/s/x" } } },
    code: "NotSupportedHere",
    says: /template spec/,
  },
  {
    title: "a link to nowhere",
    body: { properties: { mode: "Incremental", templateLink: { uri: "a.json" } } },
    code: "InvalidRequestContent",
    says: /needs a 'uri'/,
  },
  {
    title: "a relative link of a template that was sent",
    body: { properties: { mode: "Incremental", templateLink: { relativePath: "a.json" } } },
    code: "InvalidRequestContent",
    says: /'a\.json' is relative/,
  },
  {
    title: "a template and a link",
    body: {
      properties: {
        mode: "Incremental",
        template: template({}),
        templateLink: { uri: "https://x.test/a.json" },
      },
    },
    code: "InvalidRequestContent",
    says: /cannot both be given/,
  },
  {
    title: "parameters and a link to parameters",
    body: {
      properties: {
        mode: "Incremental",
        template: template({}),
        parameters: { p: { value: 1 } },
        parametersLink: { uri: "https://x.test/a.json" },
      },
    },
    code: "InvalidRequestContent",
    says: /cannot both be given/,
  },
  invalid("no schema", { $schema: undefined }, /schema/, "$schema"),
  invalid("an unknown schema", { $schema: "https://x.test/y.json" }, /x\.test/, "$schema"),
  invalid("no contentVersion", { contentVersion: undefined }, /contentVersion/, "contentVersion"),
  invalid("an unknown languageVersion", { languageVersion: "3.0" }, /3\.0/, "languageVersion"),
  invalid("an unknown part", { resourcez: [] }, /'resourcez' is not supported/, "resourcez"),
  invalid("no resources", { resources: undefined }, /resources/, "resources"),
  invalid(
    "a missing parameter",
    { parameters: { p: text } },
    /'p' is not provided/,
    "parameters.p",
  ),
  {
    ...invalid(
      "a parameter that is not declared",
      { parameters: {} },
      /supplied.*'q'/,
      "parameters",
    ),
    parameters: { q: 1 },
  },
  {
    ...invalid(
      "a parameter of a wrong type",
      { parameters: { p: { type: "int" } } },
      /type 'Int'.*'string'/,
    ),
    parameters: { p: "1" },
  },
  {
    ...invalid(
      "a value that is not allowed",
      { parameters: { p: { ...text, allowedValues: ["a", "b"] } } },
      /'c' is not part of the allowed value\(s\): 'a,b'/,
    ),
    parameters: { p: "c" },
  },
  {
    ...invalid(
      "a text that is too long",
      { parameters: { p: { ...text, maxLength: 2 } } },
      /Length/,
    ),
    parameters: { p: "abc" },
  },
  invalid("an unknown type", { parameters: { p: { type: "text" } } }, /'text' is not valid/),
  invalid(
    "an unknown function",
    { resources: [account, { ...other, location: "[nope('x')]" }] },
    /'nope' is not valid/,
    "resources[1].location",
  ),
  invalid(
    "an expression that does not parse",
    { resources: [account, { ...other, location: "[concat('x'" + "]" }] },
    /language expressions/,
    "resources[1].location",
  ),
  invalid(
    "a variable that is not there",
    { resources: [account, { ...other, name: "[variables('v')]" }] },
    /variable 'v' is not found/,
    "resources[1].name",
  ),
  invalid(
    "variables in a circle",
    { variables: { a: "[variables('b')]", b: "[variables('a')]" } },
    /refers to itself/,
  ),
  invalid(
    "resources in a circle",
    {
      resources: [
        { ...account, dependsOn: ["accountb"] },
        { ...other, dependsOn: ["accounta"] },
      ],
    },
    /Circular dependency/,
    "resources[0]",
  ),
  invalid(
    "a circle through a reference",
    {
      resources: [
        { ...account, tags: { t: "[reference('accountb').primaryLocation]" } },
        { ...other, dependsOn: ["accounta"] },
      ],
    },
    /Circular dependency/,
  ),
  invalid(
    "a dependency that is not there",
    { resources: [account, { ...other, dependsOn: ["accountc"] }] },
    /'accountc' is not defined/,
    "resources[1].dependsOn",
  ),
  invalid(
    "a reference in a name",
    { resources: [{ ...account, name: "[reference('x').name]" }] },
    /'reference' is not expected at this location/,
    "resources[0].name",
  ),
  invalid("the same resource twice", { resources: [account, account] }, /multiple times/),
  invalid(
    "a name with too many segments",
    { resources: [{ ...account, name: "a/b" }] },
    /incorrect segment lengths/,
    "resources[0].name",
  ),
  invalid(
    "a scope that leads out",
    { resources: [{ ...account, scope: "/subscriptions/s/resourceGroups/other" }] },
    /outside of the deployment's scope/,
    "resources[0].scope",
  ),
  invalid("a scope that is none", { resources: [{ ...account, scope: "x" }] }, /scope 'x'/),
  invalid(
    "a negative count",
    { resources: [{ ...account, copy: { name: "c", count: -1 } }] },
    /copy count '-1'/,
    "resources[0].copy.count",
  ),
  invalid(
    "a count beyond the limit",
    { resources: [{ ...account, copy: { name: "c", count: 801 } }] },
    /copy count '801'/,
  ),
  invalid(
    "copyIndex outside of a loop",
    { resources: [{ ...account, name: "[concat('a', copyIndex())]" }] },
    /copyIndex/,
  ),
  invalid(
    "newGuid outside of a default value",
    { variables: { v: "[newGuid()]" } },
    /'newGuid' is not expected/,
  ),
  invalid(
    "an output without a value",
    { outputs: { o: text } },
    /'o' needs a 'value'/,
    "outputs.o",
  ),
  invalid(
    "too many outputs",
    {
      outputs: Object.fromEntries(
        Array.from({ length: 65 }, (_, i) => [`o${i}`, { ...text, value: "" }]),
      ),
    },
    /Limit: '64' and actual: '65'/,
  ),
  invalid(
    "an expression that is too long",
    { variables: { v: `[concat('${"x".repeat(25_000)}')]` } },
    /24576|24,576/,
  ),
  invalid(
    "a function's wrong argument count",
    { resources: [account, { ...other, name: "[toLower()]" }] },
    /toLower/,
  ),
  invalid(
    "a nested template that is wrong",
    {
      resources: [
        account,
        {
          type: "Microsoft.Resources/deployments",
          apiVersion: "2021-04-01",
          name: "nested",
          properties: {
            mode: "Incremental",
            expressionEvaluationOptions: { scope: "inner" },
            template: template({ resources: [{ ...other, location: "[nope()]" }] }),
          },
        },
      ],
    },
    /'nope' is not valid/,
    "resources[1].properties.template.resources[0].location",
  ),
  {
    title: "a provider that is not there",
    template: template({ resources: [account, { ...other, type: "Contoso.Nothing/things" }] }),
    code: "InvalidResourceNamespace",
    says: /Contoso\.Nothing/,
  },
  {
    title: "a type that is not there",
    template: template({ resources: [account, { ...other, type: "Microsoft.Storage/nothings" }] }),
    code: "InvalidResourceType",
    says: /nothings/,
  },
  {
    title: "an api-version that is not there",
    template: template({ resources: [account, { ...other, apiVersion: "1999-01-01" }] }),
    code: "NoRegisteredProviderFound",
    says: /1999-01-01/,
  },
  {
    title: "several things that are not there",
    template: template({
      resources: [
        account,
        { ...other, apiVersion: "1999-01-01" },
        { ...account, name: "c", type: "Contoso.X/y" },
      ],
    }),
    code: "MultipleErrorsOccurred",
    says: /details/,
  },
];

describe("malformed templates", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
    const path = `${groupPath(server)}?api-version=2022-09-01`;
    await server.admin.send("PUT", path, { location: "westeurope" });
  });
  after(() => server.close());

  for (const [index, row] of rows.entries()) {
    it(`${row.title} is ${row.code}, and nothing is made`, async () => {
      const path = deploymentPath(server, `bad${index}`);
      const properties = {
        mode: "Incremental",
        template: row.template,
        parameters: valuesOf(row.parameters ?? {}),
      };
      const body = row.body ?? { properties };
      for (const [method, place] of [
        ["PUT", path],
        ["POST", `${path}/validate`],
        ["POST", `${path}/whatIf`],
      ] as const) {
        const reply = await server.admin.send(method, `${place}?api-version=${apiVersion}`, body);
        assert.ok(reply.status >= 400 && reply.status < 600, reply.text);
        assert.equal(reply.body.error?.code, row.code, reply.text);
        assert.match(reply.body.error.message, row.says);
        if (row.path === undefined) continue;
        const [info] = reply.body.error.additionalInfo;
        assert.equal(info.info.path, row.path);
        assert.ok(info.info.linePosition > 1, JSON.stringify(info));
      }
      const made = await server.admin.send(
        "GET",
        `${groupPath(server)}/resources?api-version=2021-04-01`,
      );
      assert.deepEqual(made.body.value, []);
      const kept = await server.admin.send("GET", `${path}?api-version=${apiVersion}`);
      assert.equal(kept.body.error.code, "DeploymentNotFound");
    });
  }

  it("names the line and the column in a text that has lines", async () => {
    const bad = template({ resources: [account, { ...other, location: "[nope()]" }] });
    const body = JSON.stringify(
      { properties: { mode: "Incremental", template: bad } },
      undefined,
      2,
    );
    const path = `${deploymentPath(server, "lines")}?api-version=${apiVersion}`;
    const reply = await server.admin.send("PUT", path, body);
    const { lineNumber, linePosition } = reply.body.error.additionalInfo[0].info;
    const line = body.split("\n")[lineNumber - 1] ?? "";
    assert.ok(line.slice(linePosition - 1).startsWith('"[nope()]"'), line);
  });
});
