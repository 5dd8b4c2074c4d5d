// One unauthenticated request to the instance, trusting its own authority only.

import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import type { Contract } from "@callosum/server/main.ts";
import { CommandError } from "./command.ts";

const timeoutMs = 10_000;

/** The JSON body of a 200; anything else throws. */
export function getJson({ caFile }: Contract, url: string): Promise<unknown> {
  const agent = new Agent({ ca: readFileSync(caFile) });
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, timeout: timeoutMs }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(unexpected(url, response.statusCode));
      });
    });
    sent.once("timeout", () => sent.destroy(unexpected(url, undefined)));
    sent.once("error", reject);
    sent.end();
  });
}

function unexpected(url: string, status: number | undefined): CommandError {
  const what = status === undefined ? "nothing in time" : `status ${status}`;
  return new CommandError({ code: "UnexpectedAnswer", message: `${url} answered ${what}.` });
}
