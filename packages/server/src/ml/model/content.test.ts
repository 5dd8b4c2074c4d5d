import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { startServer, type TestServer } from "../../../../../tests/fixture/server.ts";

describe("bytes of the registry", () => {
  const directory = mkdtempSync(join(tmpdir(), "callosum-content-"));
  const folder = join(directory, "models", "content");
  let server: TestServer;
  let workspace: string;

  before(async () => {
    server = await startServer({ dataDirectory: directory });
    const group = `${server.subscription}/resourceGroups/content`;
    workspace = `${group}/providers/Microsoft.MachineLearningServices/workspaces/ml1`;
    await put(`${group}?api-version=2022-09-01`, { location: "westeurope" });
    await put(`${workspace}?api-version=2022-10-01`, { location: "westeurope", properties: {} });
  });
  after(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  });

  async function put(path: string, body: unknown): Promise<void> {
    const reply = await server.admin.send("PUT", path, body);
    assert.ok(reply.status < 300, reply.text);
  }
  const artifact = (method: string, path: string, body?: unknown) =>
    server.admin.send(
      method,
      `/ml/westeurope/artifact/v2.0${workspace}/artifacts/LocalUpload/${path}`,
      body,
    );
  const files = () => readdirSync(folder);
  async function until(holds: () => boolean): Promise<void> {
    // Removal follows its commit on the same disk that is read here.
    for (let round = 0; round < 20_000 && !holds(); round += 1) await readdir(folder);
    assert.ok(holds(), files().join(" "));
  }

  it("are one file for equal content, whatever names it", async () => {
    for (const name of ["a", "b"]) {
      assert.equal(
        (await artifact("POST", `box/content?path=${name}.pkl`, Buffer.from("same"))).status,
        200,
      );
    }
    await put(`${workspace}/models/m/versions/1?api-version=2022-10-01`, {
      properties: { modelUri: "azureml://datastores/workspaceartifactstore/paths/LocalUpload/box" },
    });
    assert.equal(files().length, 1);
    for (const name of ["a", "b"]) await artifact("DELETE", `box/metadata?path=${name}.pkl`);
    await server.admin.send("GET", workspace);
    assert.equal(files().length, 1);
  });

  it("outlive a restart, and what a crash left behind does not", async () => {
    const [kept] = files();
    await server.close();
    writeFileSync(join(folder, "11111111-1111-4111-8111-111111111111"), "left behind");
    writeFileSync(join(folder, "22222222-2222-4222-8222-222222222222.part"), "half");
    server = await startServer({ dataDirectory: directory });
    await until(() => files().length === 1);
    assert.deepEqual(files(), [kept]);
    assert.equal(readFileSync(join(folder, String(kept)), "utf8"), "same");
    const again = await artifact("POST", "box/content?path=c.pkl", Buffer.from("same"));
    assert.equal(again.status, 200);
    assert.deepEqual(files(), [kept]);
  });

  it("an upload that was replaced lets its bytes go", async () => {
    await artifact("POST", "box/content?path=d.pkl", Buffer.from("first"));
    assert.equal(files().length, 2);
    await artifact("POST", "box/content?path=d.pkl&allowOverwrite=true", Buffer.from("second"));
    await until(() => files().length === 2);
  });

  it("an upload that is refused leaves nothing", async () => {
    const before = files();
    const reply = await artifact("POST", "box/content?path=d.pkl", Buffer.from("third"));
    assert.equal(reply.status, 409);
    await until(() => files().length === before.length);
  });

  it("go with their workspace", async () => {
    await server.admin.send("DELETE", `${workspace}?api-version=2022-10-01`);
    await until(() => files().length === 0);
  });
});
