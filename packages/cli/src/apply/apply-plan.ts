// From a repository and a workspace to what has to be done, in an order in which each thing finds
// what it names.

import { referencesIn, renameReferences } from "@callosum/server/artifacts/reference.ts";
import {
  type Checked,
  checkItem,
  isSame,
  type ReadyItem,
  rankOf,
  type Surroundings,
} from "./check.ts";
import type { Fault } from "./fault.ts";
import { type CommandValues, fillSecrets } from "./secret.ts";
import {
  comesWithWorkspace,
  defaultLink,
  keyOf,
  type Properties,
  type Source,
  type SourceItem,
  titleOf,
} from "./source.ts";
import type { HeldItem, WorkspaceState } from "./workspace-state.ts";

export type ChangeKind = "create" | "update" | "unchanged" | "remove" | "keep";

export interface Change {
  readonly action: ChangeKind;
  /** `linkedServices/link1` */
  readonly title: string;
  /** Undefined for what only the workspace has. */
  readonly file: string | undefined;
}

export interface ApplyPlan {
  readonly state: WorkspaceState;
  readonly changes: readonly Change[];
  /** What is written, in rounds: those of one round need nothing of each other. */
  readonly rounds: readonly (readonly ReadyItem[])[];
  /** What is removed, in rounds: those that name others go first. */
  readonly removals: readonly (readonly HeldItem[])[];
  readonly warnings: readonly string[];
  readonly faults: readonly Fault[];
}

export async function planApply(request: {
  source: Source;
  state: WorkspaceState;
  values: CommandValues;
  isPruning: boolean;
}): Promise<ApplyPlan> {
  const { source, state, values, isPruning } = request;
  const faults: Fault[] = [];
  const planned = new Map<string, ReadyItem>();
  for (const item of source.items) {
    if (comesWithWorkspace(item)) continue;
    const ready = readyItem(item, { state, values });
    planned.set(keyOf(item), ready.item);
    faults.push(...ready.faults);
  }
  const around: Surroundings = { state, planned, keepsOthers: !isPruning };
  // A missing secret is a fault already: what would be stored without it is not looked at.
  const broken = new Set(faults.map(({ place }) => place));
  const checked = await Promise.all([...planned.values()].map((item) => checkItem(item, around)));
  for (const each of checked) faults.push(...each.faults.filter(({ place }) => !broken.has(place)));
  const written = checked.filter((each) => each.faults.length === 0 && !isSame(each));
  const others = [...state.items].filter(([key, held]) => !planned.has(key) && isPrunable(held));
  const removed = isPruning ? others.map(([, held]) => held) : [];
  return {
    state,
    changes: [
      ...checked.map((each) => changeOf(each, written.includes(each))),
      ...others.map(([, held]) => otherChange(held, isPruning)),
    ],
    rounds: roundsOf(written, faults),
    removals: removalRounds(removed),
    warnings: checked.flatMap(({ warnings }) => warnings),
    faults,
  };
}

function readyItem(
  item: SourceItem,
  { state, values }: { state: WorkspaceState; values: CommandValues },
): { item: ReadyItem; faults: readonly Fault[] } {
  const held = state.items.get(keyOf(item));
  const renamed = ownDefaults(item.properties, state.workspace.name);
  const properties = override({ ...item, properties: renamed }, values);
  const existing = held?.properties;
  const filled = fillSecrets({ ...item, properties }, { values, existing });
  return {
    item: { ...item, properties: filled.properties, writesSecret: filled.isWritten },
    faults: filled.faults,
  };
}

/** `old-WorkspaceDefaultStorage` is this workspace's own default storage, as it is in Azure's tools. */
function ownDefaults(properties: Properties, workspace: string): Properties {
  const names = referencesIn(properties).flatMap(({ name }) => {
    const [, owner, rest] = defaultLink.exec(name) ?? [];
    return owner && owner.toLowerCase() !== workspace.toLowerCase() ? [{ name, rest }] : [];
  });
  return names.reduce<Properties>(
    (value, { name, rest }) =>
      renameReferences(value, {
        type: "LinkedServiceReference",
        from: name,
        to: `${workspace}${rest}`,
      }) as Properties,
    properties,
  );
}

/** `link1_properties_typeProperties_url`: the command's value for a property, by its whole path. */
function override(item: SourceItem, values: CommandValues): Properties {
  const walk = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) return value.map((child, index) => walk(child, `${path}_${index}`));
    if (typeof value === "object" && value !== null) {
      const entries = Object.entries(value).map(([name, child]) => [
        name,
        walk(child, `${path}_${name}`),
      ]);
      return Object.fromEntries(entries);
    }
    const given = values.take(path);
    if (given === undefined) return value;
    return typeof value === "string" ? given : jsonOr(given);
  };
  return walk(item.properties, `${item.name}_properties`) as Properties;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Pools hold data and cost money: no repository takes them away. */
function isPrunable({ kind, isAutomatic }: HeldItem): boolean {
  return !isAutomatic && !kind.label.endsWith("Pools");
}

function changeOf({ item, held }: Checked, isWritten: boolean): Change {
  const action = !isWritten ? "unchanged" : held ? "update" : "create";
  return { action, title: titleOf(item), file: item.file };
}

function otherChange(held: HeldItem, isPruning: boolean): Change {
  return { action: isPruning ? "remove" : "keep", title: titleOf(held), file: undefined };
}

function roundsOf(written: readonly Checked[], faults: Fault[]): ReadyItem[][] {
  const keys = new Set(written.map(({ item }) => keyOf(item)));
  const waiting = new Map(
    written.map((each) => [each, new Set(each.needs.filter((key) => keys.has(key)))] as const),
  );
  const rounds: ReadyItem[][] = [];
  while (waiting.size > 0) {
    const ready = [...waiting.keys()].filter((each) => waiting.get(each)?.size === 0);
    const [first] = waiting.keys();
    if (ready.length === 0 && first) {
      faults.push(circleFault([...waiting.keys()]));
      return rounds;
    }
    const rank = Math.min(...ready.map(({ item }) => rankOf(item.kind)));
    const round = ready.filter(({ item }) => rankOf(item.kind) === rank);
    for (const each of round) {
      waiting.delete(each);
      for (const needed of waiting.values()) needed.delete(keyOf(each.item));
    }
    rounds.push(round.map(({ item }) => item));
  }
  return rounds;
}

/** Follows needs until one comes again: the way from there is the circle. */
function circleFault(members: readonly Checked[]): Fault {
  const byKey = new Map(members.map((each) => [keyOf(each.item), each]));
  const trail: Checked[] = [];
  let next = members[0];
  while (next && !trail.includes(next)) {
    trail.push(next);
    next = next.needs.map((key) => byKey.get(key)).find((each) => each !== undefined);
  }
  const circle = trail.slice(Math.max(0, trail.indexOf(next ?? (trail[0] as Checked))));
  const [first] = circle;
  const names = [...circle, ...(first ? [first] : [])].map(({ item }) => titleOf(item));
  return {
    place: first?.item.place("properties") ?? "",
    code: "CircularReference",
    message: `These name each other in a circle: ${names.join(" → ")}.`,
  };
}

function removalRounds(removed: readonly HeldItem[]): HeldItem[][] {
  const left = new Set(removed);
  const rounds: HeldItem[][] = [];
  while (left.size > 0) {
    const named = new Set(
      [...left].flatMap((held) =>
        referencesIn(held.properties)
          .filter(({ name }) => name.toLowerCase() !== held.name.toLowerCase())
          .map(({ name }) => name.toLowerCase()),
      ),
    );
    const free = [...left].filter(({ name }) => !named.has(name.toLowerCase()));
    // Things that name each other in a circle: the service says which of them holds the other.
    const round = free.length > 0 ? free : [...left];
    for (const held of round) left.delete(held);
    rounds.push(round);
  }
  return rounds;
}
