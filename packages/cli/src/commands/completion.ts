// `callosum completion`: what a shell needs to complete command lines, drawn from the definitions.

import { defineCommand } from "../command.ts";

export const completion = defineCommand({
  name: "completion",
  summary: "Print the completion script of a shell",
  arguments: [
    { name: "shell", summary: "Which shell", choices: ["bash", "zsh", "fish"], isRequired: true },
  ],
  options: {},
  examples: [
    { command: "callosum completion bash", summary: "For ~/.bashrc: source <(…)" },
    { command: "callosum completion zsh", summary: "For ~/.zshrc: source <(…)" },
    {
      command: "callosum completion fish",
      summary: "For ~/.config/fish/completions/callosum.fish",
    },
  ],
  async run({ arguments: { shell = "" }, loadCommands }) {
    const { completionScript } = await import("../completion-script.ts");
    const script = completionScript(shell, await loadCommands());
    return { json: { shell, script }, text: [script] };
  },
});
