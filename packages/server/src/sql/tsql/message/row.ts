// One message of SQL Server: `{0}`, `{1}` … in its text are filled from the arguments of `fail`.

export interface MessageRow {
  severity: number;
  text: string;
  /** 1 unless the documents show another. */
  state?: number;
}
