// The environment of our child processes: what a program needs to run at all, no server secrets.

const passedOn = ["PATH", "HOME", "TMPDIR", "LANG", "TZ"] as const;

export function childEnvironment(): Record<string, string> {
  return Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
