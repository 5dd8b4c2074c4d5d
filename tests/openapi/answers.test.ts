import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { startServer, type TestServer } from "../fixture/server.ts";
import { deviations, omissions } from "./deviation.ts";
import { listDocuments, missingReason, type Operation, operationsOf } from "./document.ts";
import { faultsOf } from "./schema.ts";
import { subjectOf } from "./subject.ts";
import { type Finding, type Outcome, walk } from "./walk.ts";

/** Folders whose every document is asked. */
const folders = [
  "synapse",
  "authorization",
  "msi",
  "resources",
  "machinelearningservices/resource-manager",
];
/** The version of 2018 is not among those that workspaces answer to. */
const isOld = (document: string) => document.includes("/2018-11-19/");

const isOmitted = ({ document, id }: Operation) =>
  omissions.some((one) => document.includes(one.document) && one.operations.test(id));

const label = ({ operation, request }: Outcome) =>
  `${operation.document} ${operation.id} ${request.method} ${request.path}`;

if (missingReason) console.log(`tests/openapi: ${missingReason}`);

describe("every documented operation", { skip: missingReason ?? false }, () => {
  let server: TestServer;
  let outcomes: readonly Outcome[];
  let operations: readonly Operation[];
  before(async () => {
    server = await startServer({ logSink: (line) => assert.fail(line) });
    operations = folders
      .flatMap((folder) => listDocuments(folder))
      .filter((document) => !isOld(document))
      .flatMap(operationsOf);
    outcomes = await walk(
      subjectOf(server),
      operations.filter((one) => !isOmitted(one)),
    );
  });
  after(() => server.close());

  const explains = (outcome: Outcome, { at }: Finding) =>
    deviations.filter(
      (row) =>
        outcome.operation.document.includes(row.document) &&
        row.operations.test(outcome.operation.id) &&
        row.at.includes(at),
    );

  it("answers a documented status with a valid body, but for the listed deviations", (t: TestContext) => {
    const unexplained = outcomes.flatMap((outcome) =>
      outcome.findings
        .filter((finding) => explains(outcome, finding).length === 0)
        .map(({ at, what }) => `${label(outcome)}\n  ${at} ${what}`),
    );
    const answered = outcomes.filter(({ refusal }) => refusal === undefined).length;
    t.diagnostic(`${answered} of ${outcomes.length} operations answered`);
    assert.deepEqual(unexplained, []);
  });

  it("lists no deviation that no longer occurs", () => {
    const found = outcomes.flatMap((outcome) =>
      outcome.findings.flatMap((finding) =>
        explains(outcome, finding).map((row) => `${deviations.indexOf(row)} ${finding.at}`),
      ),
    );
    const stale = deviations.flatMap((row, index) =>
      row.at
        .filter((at) => !found.includes(`${index} ${at}`))
        .map((at) => `${row.document} ${row.operations} ${at}`),
    );
    assert.deepEqual(stale, []);
  });

  it("refuses by name what is documented and not run", (t: TestContext) => {
    const refused = outcomes.filter(({ refusal }) => refusal !== undefined);
    const reasons = Map.groupBy(refused, ({ refusal }) => refusal);
    for (const [reason, list] of reasons) t.diagnostic(`${list.length} × ${reason}`);
    for (const { refusal } of refused)
      assert.match(refusal ?? "", /is not supported by Callosum: ./);
  });

  it("omits only what is there", () => {
    for (const { document, operations: ids } of omissions) {
      assert.ok(
        operations.some((one) => one.document.includes(document) && ids.test(one.id)),
        document,
      );
    }
  });

  it("would notice a wrong body", () => {
    const document =
      "synapse/resource-manager/Microsoft.Synapse/stable/2021-06-01/firewallRule.json";
    const operation = operationsOf(document).find(({ id }) => id === "IpFirewallRules_Get");
    const node = operation?.responses["200"]?.schema;
    assert.ok(node);
    const faults = faultsOf(
      { document, node },
      { id: 7, properties: { startIPAddress: "1.1.1.1" } },
    );
    assert.deepEqual(faults.map(({ at, rule }) => `${at} ${rule}`).sort(), [
      "/id type",
      "/properties/startIPAddress unknown",
    ]);
  });
});
