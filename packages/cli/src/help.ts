// Help, drawn from the definitions.

import { type Command, exitCodes, type OptionDefinition } from "./command.ts";
import { sharedOptions } from "./parse.ts";
import { type Terminal, tableLines } from "./terminal.ts";

type Paint = Terminal["paint"];

const exitCodeLines = tableLines([
  [`  ${exitCodes.ok}`, "done"],
  [`  ${exitCodes.failed}`, "failed; the message says why"],
  [`  ${exitCodes.usage}`, "the command line is wrong"],
  [`  ${exitCodes.refused}`, "refused: not signed in, or a permission is missing"],
  [`  ${exitCodes.notRunning}`, "no instance runs on the directory"],
]);

/** `callosum --help` */
export function overview(commands: readonly Command[], paint: Paint): string[] {
  return [
    "Azure Synapse and Azure Machine Learning workspaces, linked, on your own machine.",
    "",
    `${paint("bold", "Usage:")} callosum <command> [options]`,
    "",
    paint("bold", "Commands:"),
    ...tableLines(commands.map(({ name, summary }) => [`  ${name}`, summary])),
    "",
    paint("bold", "Examples:"),
    ...tableLines([
      ["  callosum up", "start, and stay in the foreground"],
      ["  callosum exec -- terraform apply", "an unmodified client against this instance"],
      ["  callosum link --synapse ws1 --ml ml1", "link two workspaces, both ways"],
      ["  callosum <command> --help", "what a command takes"],
    ]),
    "",
    paint("bold", "Exit codes:"),
    ...exitCodeLines,
  ];
}

/** `callosum <command> --help` */
export function commandHelp(command: Command, paint: Paint): string[] {
  const heading = (text: string) => ["", paint("bold", text)];
  return [
    `${command.summary}.`,
    ...(command.description ? ["", command.description] : []),
    ...heading("Usage:"),
    `  ${usageLine(command)}`,
    ...(command.arguments.length === 0
      ? []
      : [
          ...heading("Arguments:"),
          ...tableLines(
            command.arguments.map(({ name, summary, choices }) => [
              `  ${name}`,
              choices ? `${summary}: ${choices.join(", ")}` : summary,
            ]),
          ),
        ]),
    ...heading("Options:"),
    ...tableLines(Object.entries({ ...command.options, ...sharedOptions }).map(optionRow)),
    ...(command.examples.length === 0
      ? []
      : [
          ...heading("Examples:"),
          ...command.examples.flatMap((example) => [
            `  ${paint("cyan", example.command)}`,
            `      ${example.summary}`,
          ]),
        ]),
    ...heading("Exit codes:"),
    ...exitCodeLines,
  ];
}

function usageLine(command: Command): string {
  const words = command.arguments.map(({ name, choices, isRequired, isRest }) => {
    const shown = choices ? choices.join("|") : `<${name}>${isRest ? "…" : ""}`;
    const word = isRest ? `-- ${shown}` : shown;
    return isRequired ? word : `[${word}]`;
  });
  const required = Object.entries(command.options).flatMap(([name, definition]) =>
    definition.kind === "text" && definition.isRequired ? [`--${name} ${definition.value}`] : [],
  );
  return ["callosum", command.name, ...required, "[options]", ...words].join(" ");
}

function optionRow([name, definition]: [string, OptionDefinition]): string[] {
  const short = definition.short === undefined ? "" : `-${definition.short}, `;
  const value = valueName(definition);
  const notes = [
    definition.kind === "text" && definition.choices
      ? `one of ${definition.choices.join(", ")}`
      : "",
    "otherwise" in definition && definition.otherwise ? `default: ${definition.otherwise}` : "",
    definition.kind === "list" ? "may be repeated" : "",
  ].filter(Boolean);
  const note = notes.length === 0 ? "" : ` (${notes.join("; ")})`;
  return [`  ${short}--${name}${value && ` ${value}`}`, `${definition.summary}${note}`];
}

function valueName(definition: OptionDefinition): string {
  switch (definition.kind) {
    case "flag":
      return "";
    case "port":
      return "PORT";
    case "duration":
      return "TIME";
    case "text":
    case "list":
      return definition.value;
    default:
      return definition satisfies never;
  }
}
