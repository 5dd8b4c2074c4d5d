// One step of the story that the demo shows and the conformance test asserts: what is done, by which
// unmodified client. Steps run in a child of `callosum exec`, on Azure's real host names.

export interface StoryState {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly location: string;
  readonly names: StoryNames;
  /** `host:port` of the SQL pools, of the server that runs now. */
  readonly sqlEndpoint: string;
  /** What later steps need: ids and results of earlier ones, kept in a file of mode 0600. */
  readonly facts: Record<string, string>;
}

export interface StoryNames {
  readonly group: string;
  readonly storage: string;
  readonly fileSystem: string;
  readonly synapse: string;
  readonly sparkPool: string;
  readonly sqlPool: string;
  readonly ml: string;
  readonly link: string;
  readonly compute: string;
  readonly managedIdentityService: string;
  readonly servicePrincipalService: string;
  readonly application: string;
}

export interface Step {
  readonly title: string;
  /** npm package of the client, or `callosum` for our command line. */
  readonly client: string;
  /** Gives the lines that a person wants to see. Throws when the step is not true. */
  run(state: StoryState): Promise<readonly string[]>;
}

export interface Chapter {
  readonly name: string;
  readonly title: string;
  readonly steps: readonly Step[];
}

/** What the child reports for each step, one line of JSON. */
export interface StepReport {
  readonly title: string;
  readonly client: string;
  readonly version: string;
  /** Hosts that the step really talked to, as seen by the runtime. */
  readonly hosts: readonly string[];
  readonly milliseconds: number;
  readonly lines: readonly string[];
  readonly error?: string;
}

/** Makes a step. */
export function step(title: string, client: string, run: Step["run"]): Step {
  return { title, client, run };
}

/** Throws with a sentence when the claim does not hold. */
export function expect(claim: boolean, otherwise: string): asserts claim {
  if (!claim) throw new Error(otherwise);
}
