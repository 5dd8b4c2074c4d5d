// azure-cli as people call it: one process a command, its answer as JSON.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { follow, type Instance, startExec } from "./exec.ts";
import { enterDeviceCode } from "./sign-in.ts";
import type { Venv } from "./venv.ts";

/** Runs `az …` as whoever is signed in; gives its JSON, or undefined when it printed nothing. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type AzureCli = (...words: readonly string[]) => Promise<any>;

/** Through `exec`; or, with an `environment` of its own, without it. */
export function openAzureCli(
  instance: Instance,
  venv: Venv,
  environment?: NodeJS.ProcessEnv,
): AzureCli {
  const program = venv.program("az");
  return async (...words) => {
    const command = [program, ...words, "--output", "json", "--only-show-errors"];
    const printed = environment
      ? await runPlainly(command, environment)
      : await instance.exec(...command);
    return printed.trim() === "" ? undefined : JSON.parse(printed);
  };
}

async function runPlainly(
  [program = "", ...words]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const { code, stdout, stderr } = await follow(spawn(program, words, { env }));
  assert.equal(code, 0, `az ${words.slice(0, 3).join(" ")}: ${stderr}`);
  return stdout;
}

/** `az login --use-device-code`, whose code a person enters on our page meanwhile. */
// biome-ignore lint/suspicious/noExplicitAny: az's account
export async function signInWithDeviceCode(instance: Instance, venv: Venv): Promise<any> {
  const { contract, directory } = instance;
  const login = [venv.program("az"), "login", "--use-device-code", "--output", "json"];
  const child = startExec(directory, ["--as", "user", "--", ...login]);
  let entered: Promise<void> | undefined;
  const { code, stdout, stderr } = await follow(child, (said) => {
    const userCode = /enter the code (\w+)/.exec(said)?.[1];
    if (userCode) entered ??= enterDeviceCode(contract, userCode);
  });
  await entered;
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout)[0];
}
