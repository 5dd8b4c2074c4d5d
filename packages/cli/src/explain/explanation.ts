// What `callosum explain` answers: the link's own identity and what it may do, then everybody who may
// use or change the link, each with the assignments that say so.

import type { Connection } from "@callosum/sdk/connection.ts";
import { namePrincipals } from "../principal.ts";
import type { Terminal } from "../terminal.ts";

export interface Reason {
  readonly role: string;
  readonly scope: string;
  /** Id of the assignment. */
  readonly assignment: string;
}

/** One thing that an identity can or cannot do with the link. */
export interface Ability {
  readonly ability: string;
  readonly reasons: readonly Reason[];
}

export interface Party {
  readonly principalId: string;
  readonly displayName: string;
  readonly abilities: readonly Ability[];
}

export interface Explanation {
  readonly link: string;
  readonly from: string;
  readonly to: string;
  /** Undefined where the link names an identity that does not exist. */
  readonly identity: Party | undefined;
  readonly callers: readonly Party[];
}

/** An assignment with what its role allows, from either kind of RBAC. */
export interface Held extends Reason {
  readonly principalId: string;
  allows(action: string): boolean;
}

export interface AbilityRule {
  readonly ability: string;
  applies(held: Held): boolean;
}

/** Every holder with the abilities that their assignments give; without any, nobody is listed. */
export function partiesOf(
  held: readonly Held[],
  { rules, names }: { rules: readonly AbilityRule[]; names: ReadonlyMap<string, string> },
): Party[] {
  const ids = [...new Set(held.map(({ principalId }) => principalId))];
  return ids
    .map((id) => partyOf(id, { held, rules, names }))
    .filter(({ abilities }) => abilities.some(({ reasons }) => reasons.length > 0));
}

export function partyOf(
  principalId: string,
  known: {
    held: readonly Held[];
    rules: readonly AbilityRule[];
    names: ReadonlyMap<string, string>;
  },
): Party {
  const { held, rules, names } = known;
  const own = held.filter((each) => each.principalId === principalId);
  return {
    principalId,
    displayName: names.get(principalId) ?? principalId,
    abilities: rules.map((rule) => ({
      ability: rule.ability,
      reasons: own
        .filter((each) => rule.applies(each))
        .map(({ role, scope, assignment }) => ({ role, scope, assignment })),
    })),
  };
}

export async function namesOf(
  api: Connection,
  held: readonly Held[],
  more: readonly (string | undefined)[],
): Promise<Map<string, string>> {
  const ids = [...held.map(({ principalId }) => principalId), ...more];
  return namePrincipals(
    api,
    ids.filter((id) => id !== undefined),
  );
}

export function explanationLines(
  { link, from, to, identity, callers }: Explanation,
  paint: Terminal["paint"],
): string[] {
  const party = ({ displayName, principalId, abilities }: Party, showMissing: boolean) => [
    `  ${paint("bold", displayName)} ${paint("dim", principalId)}`,
    ...abilities.flatMap(({ ability, reasons }) => {
      if (reasons.length === 0) {
        return showMissing ? [`    ${paint("red", "✖")} ${ability}: no assignment says so`] : [];
      }
      const because = reasons.map(({ role, scope }) => `${role} on ${scope}`).join(", and ");
      return [`    ${paint("green", "✔")} ${ability}: ${because}`];
    }),
  ];
  return [
    `'${link}' leads from ${from} to ${to}.`,
    "",
    "It acts as:",
    ...(identity ? party(identity, true) : ["  an identity that is not in the directory"]),
    "",
    callers.length === 0 ? "Nobody can use it." : "Who can use or change it:",
    ...callers.flatMap((each) => party(each, false)),
  ];
}
