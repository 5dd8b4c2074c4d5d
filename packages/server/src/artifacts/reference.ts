// Artifacts name each other as {"referenceName", "type": "LinkedServiceReference"} anywhere in their
// properties. The walk serves saving (the named must exist), deleting and renaming.

export interface ArtifactReference {
  /** As sent: `LinkedServiceReference`. */
  readonly type: string;
  readonly name: string;
  /** Where it stands: `properties.activities[0].linkedServiceName`. */
  readonly path: string;
}

interface ReferenceObject {
  readonly referenceName: string;
  readonly type: string;
}

function asReference(value: object): ReferenceObject | undefined {
  const { referenceName, type } = value as Partial<ReferenceObject>;
  if (typeof referenceName !== "string" || typeof type !== "string") return undefined;
  return type.toLowerCase().endsWith("reference") ? { referenceName, type } : undefined;
}

/** All references with a plain name; one that is computed at run time names nothing yet. */
export function referencesIn(value: unknown, path = "properties"): ArtifactReference[] {
  if (typeof value !== "object" || value === null) return [];
  const found: ArtifactReference[] = [];
  const reference = Array.isArray(value) ? undefined : asReference(value);
  if (reference && !reference.referenceName.includes("@")) {
    found.push({ type: reference.type, name: reference.referenceName, path });
  }
  for (const [name, child] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`;
    found.push(...referencesIn(child, place));
  }
  return found;
}

/** The same value with references of one type and name leading to another name. */
export function renameReferences(
  value: unknown,
  change: { type: string; from: string; to: string },
): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => renameReferences(item, change));
  const copy = Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, renameReferences(child, change)]),
  );
  const reference = asReference(value);
  if (reference && namesArtifact(reference, change)) copy.referenceName = change.to;
  return copy;
}

function namesArtifact(
  reference: ReferenceObject,
  artifact: { type: string; from: string },
): boolean {
  return (
    reference.type.toLowerCase() === artifact.type.toLowerCase() &&
    reference.referenceName.toLowerCase() === artifact.from.toLowerCase()
  );
}
