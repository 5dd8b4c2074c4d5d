// What forms are drawn and checked from: the rules of a definition as data. The resource manager and
// the artifacts plane render theirs; the studio serves them.

/** The rules of a resource type. Everything here is public and the same for every caller. */
export interface ResourceForm {
  readonly type: string;
  readonly summary: string;
  readonly source: string;
  /** As listed by the definition; the last one is what we would use. */
  readonly apiVersions: readonly string[];
  /** A regular expression's source and flags, and the sentence that the server refuses with. */
  readonly name: { readonly pattern: string; readonly flags: string; readonly rule: string };
  readonly location: "required" | "optional" | "none";
  readonly locations: readonly { readonly name: string; readonly displayName: string }[];
  readonly tags: boolean;
  readonly kind: boolean;
  /** Kinds of identity that may be sent; absent = none. */
  readonly identity?: readonly string[];
  readonly identityDefault?: string;
  readonly methods: readonly string[];
  /** Names that exist without being created. */
  readonly presetNames: readonly string[];
  readonly actions: readonly { readonly name: string; readonly summary: string }[];
  /** JSON Schema of the whole envelope; what the server checks after `canonicalise`. */
  readonly schema: unknown;
  /** Paths of the properties that are taken and never shown, `properties.password`. */
  readonly secrets: readonly string[];
}

/** The rules of a linked-service type. */
export interface ConnectorForm {
  readonly type: string;
  readonly summary: string;
  readonly source: string;
  /** JSON Schema of `properties` without what is inside `typeProperties`. */
  readonly frame: unknown;
  /** JSON Schema of `typeProperties`; absent where they are kept as they are sent. */
  readonly typeProperties?: unknown;
  readonly secrets: readonly string[];
  /** Properties that say where a secret goes: who changes one gives the secret again. */
  readonly target: readonly string[];
  /** Whether Test connection runs; otherwise it is refused by name. */
  readonly canBeTested: boolean;
}

export interface FormSource<Form extends { readonly type: string; readonly summary: string }> {
  /** Canonical names, in order. */
  readonly list: readonly Pick<Form, "type" | "summary">[];
  /** By name in any casing. */
  find(type: string): Form | undefined;
}
