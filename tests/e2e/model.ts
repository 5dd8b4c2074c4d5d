// The model of examples/flights in the registry of the story's machine learning workspace, as SDK v1 puts
// it there: files, an asset of them, the model.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { audiences, type TestServer } from "../fixture/server.ts";
import type { Story } from "./story.ts";

export function readModelFile(file: string): Buffer {
  return readFileSync(new URL(`../../examples/flights/model/${file}`, import.meta.url));
}

export async function registerModel(
  server: TestServer,
  { location, machineLearning }: Story,
  model: { name: string; files: readonly string[]; kvTags?: Readonly<Record<string, string>> },
): Promise<void> {
  const { name, files, kvTags = {} } = model;
  const post = async (path: string, body: unknown) => {
    const reply = await server.admin.send("POST", `/ml/${location}${path}`, body, {
      audience: audiences.arm,
    });
    assert.ok(reply.status < 300, reply.text);
    return reply.body;
  };
  const content = `/artifact/v2.0${machineLearning}/artifacts/LocalUpload/demo/content`;
  for (const file of files) await post(`${content}?path=m/${file}`, readModelFile(file));
  const registry = `/modelmanagement/v1.0${machineLearning}`;
  const asset = await post(`${registry}/assets`, {
    name,
    artifacts: [{ prefix: "LocalUpload/demo/m" }],
  });
  const url = `aml://asset/${asset.id}`;
  await post(`${registry}/models`, { name, mimeType: "application/x-python", url, kvTags });
}
