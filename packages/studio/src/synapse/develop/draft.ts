// Scripts that are not saved yet: opened by a menu or the wizard, kept for this browser tab only.

const prefix = "callosum.draft.";

export interface Draft {
  readonly name: string;
  readonly query: string;
  readonly database: string;
}

/** Address of the editor, below /studio, with a new script in it. */
export function openDraft(workspace: string, draft: Draft): string {
  const id = crypto.randomUUID();
  sessionStorage.setItem(prefix + id, JSON.stringify(draft));
  return `/synapse/${workspace}/develop/draft/${id}`;
}

/** Undefined when the tab that made it is gone. */
export function readDraft(id: string): Draft | undefined {
  const text = sessionStorage.getItem(prefix + id);
  return text === null ? undefined : JSON.parse(text);
}

export function keepDraft(id: string, draft: Draft): void {
  sessionStorage.setItem(prefix + id, JSON.stringify(draft));
}

export function dropDraft(id: string): void {
  sessionStorage.removeItem(prefix + id);
}
