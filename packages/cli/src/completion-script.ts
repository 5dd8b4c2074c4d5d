// Completion scripts: the command first, then its options and the choices of options and arguments.

import type { Command, OptionDefinition } from "./command.ts";
import { sharedOptions } from "./parse.ts";

/** The script of `bash`, `zsh` or `fish`. */
export function completionScript(shell: string, commands: readonly Command[]): string {
  switch (shell) {
    case "fish":
      return fish(commands);
    case "zsh":
      // zsh runs bash's completions, words and all.
      return `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
    default:
      return bash(commands);
  }
}

function optionsOf(command: Command): [string, OptionDefinition][] {
  return Object.entries({ ...command.options, ...sharedOptions });
}

function choicesOf(definition: OptionDefinition): readonly string[] {
  return definition.kind === "text" ? (definition.choices ?? []) : [];
}

function argumentChoices(command: Command): readonly string[] {
  return command.arguments.flatMap(({ choices }) => choices ?? []);
}

function bash(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const options = optionsOf(command);
    const words = [...options.map(([name]) => `--${name}`), ...argumentChoices(command)];
    const values = options.flatMap(([name, definition]) => {
      const choices = choicesOf(definition).join(" ");
      if (choices !== "") return [`        --${name}) words="${choices}" ;;`];
      const isFile = name === "data" || name === "file";
      if (isFile) return [`        --${name}) COMPREPLY=($(compgen -f -- "$current")); return ;;`];
      return definition.kind === "flag" ? [] : [`        --${name}) return ;;`];
    });
    return [
      `    ${command.name})`,
      `      words="${words.join(" ")}"`,
      `      case "$previous" in`,
      ...values,
      "      esac ;;",
    ].join("\n");
  });
  return `_callosum() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map(({ name }) => name).join(" ")} --help --version"
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _callosum callosum`;
}

function fish(commands: readonly Command[]): string {
  const lines = commands.flatMap((command) => {
    const when = `-n "__fish_seen_subcommand_from ${command.name}"`;
    return [
      `complete -c callosum -f -n __fish_use_subcommand -a ${command.name} -d ${quote(command.summary)}`,
      ...argumentChoices(command).map((word) => `complete -c callosum -f ${when} -a ${word}`),
      ...optionsOf(command).map(([name, definition]) => {
        const short = definition.short === undefined ? "" : ` -s ${definition.short}`;
        const choices = choicesOf(definition);
        const values = choices.length === 0 ? "" : ` -f -a ${quote(choices.join(" "))}`;
        const takes = definition.kind === "flag" ? "" : ` -r${values}`;
        return `complete -c callosum ${when} -l ${name}${short}${takes} -d ${quote(definition.summary)}`;
      }),
    ];
  });
  return lines.join("\n");
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
