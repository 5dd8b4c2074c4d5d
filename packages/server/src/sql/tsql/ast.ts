// The T-SQL syntax tree: what parser/ builds and emit/ and run/ walk.
// Every node knows where it starts, so that every refusal can say line and column.
import type { SqlType, SqlValue } from "../session.ts";

/** 1-based line and column, 0-based offset into the batch text. */
export interface Position {
  line: number;
  column: number;
  offset: number;
}

/** A possibly qualified name, outermost part first: `db.schema.object` has three parts. */
export interface Name {
  at: Position;
  parts: readonly string[];
}

export type BinaryOperator = "+" | "-" | "*" | "/" | "%" | "&" | "|" | "^";
export type ComparisonOperator = "=" | "<>" | "<" | ">" | "<=" | ">=";

export type Expression =
  | { kind: "literal"; at: Position; type: SqlType; value: SqlValue }
  | { kind: "null"; at: Position }
  | { kind: "default"; at: Position }
  | { kind: "variable"; at: Position; name: string }
  | { kind: "global"; at: Position; name: string }
  | { kind: "column"; at: Position; parts: readonly string[] }
  | { kind: "unary"; at: Position; op: "-" | "+" | "~"; operand: Expression }
  | { kind: "binary"; at: Position; op: BinaryOperator; left: Expression; right: Expression }
  | { kind: "collate"; at: Position; operand: Expression; collation: string }
  | { kind: "cast"; at: Position; operand: Expression; type: SqlType; attempt: boolean }
  | {
      kind: "convert";
      at: Position;
      type: SqlType;
      operand: Expression;
      style: Expression | undefined;
      attempt: boolean;
    }
  | {
      kind: "case";
      at: Position;
      operand: Expression | undefined;
      branches: readonly { when: Expression; result: Expression }[];
      otherwise: Expression | undefined;
    }
  | { kind: "call"; at: Position; call: Call }
  | { kind: "atTimeZone"; at: Position; operand: Expression; zone: Expression }
  | { kind: "subquery"; at: Position; query: Query }
  | Predicate;

export type Predicate =
  | {
      kind: "compare";
      at: Position;
      op: ComparisonOperator;
      left: Expression;
      right: Expression;
    }
  | {
      kind: "quantified";
      at: Position;
      op: ComparisonOperator;
      left: Expression;
      quantifier: "all" | "any";
      query: Query;
    }
  | { kind: "logical"; at: Position; op: "and" | "or"; left: Expression; right: Expression }
  | { kind: "not"; at: Position; operand: Expression }
  | { kind: "isNull"; at: Position; operand: Expression; negated: boolean }
  | {
      kind: "between";
      at: Position;
      operand: Expression;
      low: Expression;
      high: Expression;
      negated: boolean;
    }
  | {
      kind: "in";
      at: Position;
      operand: Expression;
      values: readonly Expression[] | Query;
      negated: boolean;
    }
  | {
      kind: "like";
      at: Position;
      operand: Expression;
      pattern: Expression;
      escape: Expression | undefined;
      negated: boolean;
    }
  | { kind: "exists"; at: Position; query: Query };

export interface Call {
  name: Name;
  args: readonly Expression[];
  star: boolean;
  distinct: boolean;
  withinGroup: readonly OrderItem[] | undefined;
  over: Over | undefined;
  nulls: "ignore" | "respect" | undefined;
}

export interface FrameBound {
  kind: "unboundedPreceding" | "preceding" | "currentRow" | "following" | "unboundedFollowing";
  offset: Expression | undefined;
}

export interface Over {
  at: Position;
  partitionBy: readonly Expression[];
  orderBy: readonly OrderItem[];
  frame: { unit: "rows" | "range"; start: FrameBound; end: FrameBound | undefined } | undefined;
}

export interface OrderItem {
  at: Position;
  expression: Expression;
  descending: boolean;
}

/** A query expression with its WITH list, ORDER BY, paging and options. */
export interface Query {
  at: Position;
  ctes: readonly CommonTable[];
  body: QueryBody;
  orderBy: readonly OrderItem[];
  offset: Expression | undefined;
  fetch: Expression | undefined;
  forJson: ForJson | undefined;
  options: readonly string[];
}

export interface ForJson {
  at: Position;
  mode: "path" | "auto";
  root: string | undefined;
  includeNulls: boolean;
  withoutArrayWrapper: boolean;
}

export interface CommonTable {
  at: Position;
  name: string;
  columns: readonly string[] | undefined;
  query: Query;
}

export type QueryBody =
  | SelectBody
  | {
      kind: "set";
      at: Position;
      op: "union" | "except" | "intersect";
      all: boolean;
      left: QueryBody;
      right: QueryBody;
    }
  | { kind: "nested"; at: Position; query: Query };

export interface SelectBody {
  kind: "select";
  at: Position;
  distinct: boolean;
  top: Top | undefined;
  items: readonly SelectItem[];
  into: Name | undefined;
  from: readonly TableSource[];
  where: Expression | undefined;
  groupBy: readonly GroupItem[];
  having: Expression | undefined;
}

export interface Top {
  at: Position;
  count: Expression;
  percent: boolean;
  withTies: boolean;
}

export type SelectItem =
  | { kind: "star"; at: Position; qualifier: readonly string[] }
  | { kind: "expression"; at: Position; expression: Expression; alias: string | undefined }
  | { kind: "assign"; at: Position; variable: string; expression: Expression };

export type GroupItem =
  | { kind: "expression"; expression: Expression }
  | { kind: "rollup" | "cube"; sets: readonly (readonly Expression[])[] }
  | { kind: "sets"; sets: readonly (readonly Expression[])[] };

export interface Alias {
  name: string;
  columns: readonly string[] | undefined;
}

export type TableSource =
  | { kind: "table"; at: Position; name: Name; alias: Alias | undefined; hints: readonly string[] }
  | { kind: "tableVariable"; at: Position; name: string; alias: Alias | undefined }
  | { kind: "derived"; at: Position; query: Query; alias: Alias }
  | {
      kind: "values";
      at: Position;
      rows: readonly (readonly Expression[])[];
      alias: Alias;
    }
  | {
      kind: "function";
      at: Position;
      call: Call;
      with: readonly JsonColumn[] | undefined;
      alias: Alias | undefined;
    }
  | {
      kind: "openrowset";
      at: Position;
      paths: readonly string[];
      options: readonly NamedOption[];
      columns: readonly JsonColumn[] | undefined;
      alias: Alias | undefined;
    }
  | { kind: "predict"; at: Position; predict: Predict; alias: Alias | undefined }
  | {
      kind: "join";
      at: Position;
      join: "inner" | "left" | "right" | "full" | "cross" | "crossApply" | "outerApply";
      left: TableSource;
      right: TableSource;
      on: Expression | undefined;
    }
  | { kind: "pivot"; at: Position; source: TableSource; pivot: Pivot; alias: Alias }
  | { kind: "unpivot"; at: Position; source: TableSource; unpivot: Unpivot; alias: Alias };

export interface JsonColumn {
  at: Position;
  name: string;
  type: SqlType;
  path: string | undefined;
  asJson: boolean;
}

export interface Pivot {
  aggregate: Name;
  argument: Expression;
  column: Name;
  values: readonly { at: Position; name: string }[];
}

export interface Unpivot {
  value: string;
  column: string;
  sources: readonly { at: Position; name: string }[];
}

/** features.md G-14: PREDICT(MODEL = …, DATA = … AS d, RUNTIME = ONNX) WITH (…) AS p. */
export interface Predict {
  model: Expression;
  data: Extract<TableSource, { kind: "table" | "tableVariable" | "function" }>;
  runtime: string | undefined;
  outputs: readonly ColumnDefinition[];
}

export interface NamedOption {
  at: Position;
  name: string;
  value: OptionValue;
}

export type OptionValue =
  | { kind: "word"; text: string }
  | { kind: "string"; text: string }
  | { kind: "number"; value: number }
  | { kind: "list"; options: readonly NamedOption[] }
  | { kind: "values"; values: readonly Expression[] };

export interface ColumnDefinition {
  at: Position;
  name: string;
  type: SqlType;
  nullable: boolean | undefined;
  identity: { seed: bigint; increment: bigint } | undefined;
  default: { name: string | undefined; expression: Expression } | undefined;
  collation: string | undefined;
  mask: string | undefined;
  keys: readonly KeyConstraint[];
}

export interface KeyConstraint {
  at: Position;
  name: string | undefined;
  kind: "primary" | "unique";
  columns: readonly string[];
  clustered: boolean;
  enforced: boolean;
}

export type Distribution =
  | { kind: "hash"; columns: readonly string[] }
  | { kind: "roundRobin" }
  | { kind: "replicate" };

export type TableIndex =
  | { kind: "columnstore"; order: readonly string[] }
  | { kind: "clustered"; columns: readonly { name: string; descending: boolean }[] }
  | { kind: "heap" };

export interface TablePartition {
  column: string;
  range: "left" | "right";
  values: readonly Expression[];
}

/** WITH (…) of CREATE TABLE and CTAS; absent parts take the service's defaults. */
export interface TableOptions {
  distribution: Distribution | undefined;
  index: TableIndex | undefined;
  partition: TablePartition | undefined;
}
