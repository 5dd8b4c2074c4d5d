// Links to templates and parameter files, as sent (OpenAPI resources 2022-09-01, TemplateLink,
// ParametersLink) and as followed. They are read in link.ts.

export interface ContentLink {
  readonly uri?: string;
  /** Below the folder of the template that names it. */
  readonly relativePath?: string;
  readonly contentVersion?: string;
  /** Appended to the URI: a shared access signature. */
  readonly queryString?: string;
}

/** Where a linked template came from: what `relativePath` and deployment() go by. */
export interface LinkedFrom {
  readonly uri: string;
  readonly contentVersion?: string;
}
