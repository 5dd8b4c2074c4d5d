// The statements of the T-SQL syntax tree; expressions and queries are in ast.ts.
import type { SqlType } from "../session.ts";
import type {
  ColumnDefinition,
  Distribution,
  Expression,
  KeyConstraint,
  Name,
  NamedOption,
  Position,
  Query,
  TableOptions,
  TableSource,
  Top,
} from "./ast.ts";

export interface Block {
  statements: readonly Statement[];
}

export interface Argument {
  at: Position;
  name: string | undefined;
  value: Expression;
  output: boolean;
}

export interface ParameterDefinition {
  at: Position;
  name: string;
  type: SqlType;
  default: Expression | undefined;
  output: boolean;
}

export interface Assignment {
  at: Position;
  column: string | undefined;
  variable: string | undefined;
  op: "=" | "+=" | "-=" | "*=" | "/=" | "%=" | "&=" | "|=" | "^=";
  value: Expression;
}

export type Securable = {
  at: Position;
  class: "database" | "schema" | "object" | "role" | "user";
  name: Name | undefined;
};

export type DataStatement =
  | { kind: "query"; at: Position; query: Query }
  | {
      kind: "insert";
      at: Position;
      ctes: Query["ctes"];
      target: Name;
      columns: readonly { at: Position; name: string }[] | undefined;
      source:
        | { kind: "values"; rows: readonly (readonly Expression[])[] }
        | { kind: "query"; query: Query }
        | { kind: "execute"; statement: Statement }
        | { kind: "defaults" };
    }
  | {
      kind: "insertBulk";
      at: Position;
      target: Name;
      columns: readonly { at: Position; name: string }[];
    }
  | {
      kind: "update";
      at: Position;
      ctes: Query["ctes"];
      target: Name;
      top: Top | undefined;
      set: readonly Assignment[];
      from: readonly TableSource[];
      where: Expression | undefined;
    }
  | {
      kind: "delete";
      at: Position;
      ctes: Query["ctes"];
      target: Name;
      top: Top | undefined;
      from: readonly TableSource[];
      where: Expression | undefined;
    }
  | {
      kind: "merge";
      at: Position;
      ctes: Query["ctes"];
      target: Name;
      alias: string | undefined;
      source: TableSource;
      on: Expression;
      clauses: readonly MergeClause[];
    }
  | {
      kind: "copy";
      at: Position;
      target: Name;
      columns:
        | readonly {
            at: Position;
            name: string;
            default: Expression | undefined;
            ordinal: number | undefined;
          }[]
        | undefined;
      locations: readonly string[];
      options: readonly NamedOption[];
    };

export interface MergeClause {
  at: Position;
  match: "matched" | "notMatched" | "notMatchedBySource";
  condition: Expression | undefined;
  action:
    | { kind: "update"; set: readonly Assignment[] }
    | { kind: "delete" }
    | {
        kind: "insert";
        columns: readonly { at: Position; name: string }[] | undefined;
        values: readonly Expression[] | undefined;
      };
}

export type AlterTableAction =
  | { kind: "add"; columns: readonly ColumnDefinition[]; keys: readonly KeyConstraint[] }
  | { kind: "addDefault"; name: string | undefined; expression: Expression; column: string }
  | { kind: "dropColumn"; columns: readonly string[] }
  | { kind: "dropConstraint"; names: readonly string[] }
  | { kind: "alterColumn"; column: ColumnDefinition }
  | {
      kind: "switch";
      partition: Expression | undefined;
      target: Name;
      targetPartition: Expression | undefined;
      truncateTarget: boolean;
    }
  | { kind: "splitRange" | "mergeRange"; value: Expression }
  | { kind: "rebuild" };

export type DefinitionStatement =
  | { kind: "createSchema"; at: Position; name: string; owner: string | undefined }
  | { kind: "dropSchema"; at: Position; name: string; ifExists: boolean }
  | {
      kind: "createTable";
      at: Position;
      name: Name;
      columns: readonly ColumnDefinition[];
      keys: readonly KeyConstraint[];
      options: TableOptions;
    }
  | {
      kind: "createTableAs";
      at: Position;
      name: Name;
      columns: readonly string[] | undefined;
      options: TableOptions;
      query: Query;
    }
  | { kind: "alterTable"; at: Position; name: Name; action: AlterTableAction }
  | {
      kind: "drop";
      at: Position;
      object: "table" | "externalTable" | "view" | "procedure" | "function";
      names: readonly Name[];
      ifExists: boolean;
    }
  | { kind: "truncate"; at: Position; name: Name }
  | { kind: "renameObject"; at: Position; name: Name; to: string; column: string | undefined }
  | { kind: "transferObject"; at: Position; schema: string; name: Name }
  | {
      kind: "createView";
      at: Position;
      name: Name;
      columns: readonly string[] | undefined;
      query: Query;
      text: string;
      alter: "create" | "alter" | "createOrAlter";
      /** Of a materialized view. */
      distribution?: Distribution;
    }
  | { kind: "alterMaterializedView"; at: Position; name: Name }
  | {
      kind: "createProcedure";
      at: Position;
      name: Name;
      parameters: readonly ParameterDefinition[];
      body: Block;
      text: string;
      alter: "create" | "alter" | "createOrAlter";
    }
  | {
      kind: "createFunction";
      at: Position;
      name: Name;
      parameters: readonly ParameterDefinition[];
      returns: { kind: "table"; query: Query } | { kind: "scalar"; type: SqlType; body: Block };
      text: string;
      alter: "create" | "alter" | "createOrAlter";
    }
  | {
      kind: "createStatistics";
      at: Position;
      name: string;
      table: Name;
      columns: readonly string[];
    }
  | { kind: "updateStatistics"; at: Position; table: Name; name: string | undefined }
  | { kind: "dropStatistics"; at: Position; name: Name }
  | {
      kind: "createIndex";
      at: Position;
      name: string;
      table: Name;
      index: "columnstore" | "clustered" | "nonclustered";
      columns: readonly { name: string; descending: boolean }[];
    }
  | { kind: "alterIndex"; at: Position; name: string; table: Name; action: string }
  | { kind: "dropIndex"; at: Position; name: string; table: Name };

export type ExternalStatement =
  | {
      kind: "createExternalDataSource" | "createExternalFileFormat";
      at: Position;
      name: string;
      options: readonly NamedOption[];
    }
  | {
      kind: "createExternalTable";
      at: Position;
      name: Name;
      columns: readonly ColumnDefinition[];
      options: readonly NamedOption[];
    }
  | {
      kind: "createExternalTableAs";
      at: Position;
      name: Name;
      columns: readonly string[] | undefined;
      options: readonly NamedOption[];
      query: Query;
    }
  | {
      kind: "createDatabaseScopedCredential" | "alterDatabaseScopedCredential";
      at: Position;
      name: string;
      identity: string;
      secret: string | undefined;
    }
  | {
      kind: "dropExternalThing";
      at: Position;
      thing: "dataSource" | "fileFormat" | "credential";
      name: string;
    }
  | { kind: "createMasterKey" | "dropMasterKey"; at: Position };

export type SecurityStatement =
  | {
      kind: "createUser";
      at: Position;
      name: string;
      source:
        | { kind: "external" }
        | { kind: "login"; login: string }
        | { kind: "withoutLogin" }
        | { kind: "password"; password: string };
      defaultSchema: string | undefined;
    }
  | { kind: "alterUser"; at: Position; name: string; options: readonly NamedOption[] }
  | { kind: "dropUser"; at: Position; name: string; ifExists: boolean }
  | {
      kind: "createLogin";
      at: Position;
      name: string;
      password: string | undefined;
    }
  | { kind: "alterLogin"; at: Position; name: string; password: string }
  | { kind: "dropLogin"; at: Position; name: string }
  | { kind: "createRole"; at: Position; name: string; owner: string | undefined }
  | { kind: "dropRole"; at: Position; name: string; ifExists: boolean }
  | {
      kind: "alterRole";
      at: Position;
      name: string;
      action: "add" | "drop";
      member: string;
    }
  | {
      kind: "permission";
      at: Position;
      action: "grant" | "deny" | "revoke";
      permissions: readonly { at: Position; name: string; columns: readonly string[] }[];
      on: Securable | undefined;
      principals: readonly string[];
      grantOption: boolean;
      cascade: boolean;
    };

export type ControlStatement =
  | {
      kind: "declare";
      at: Position;
      variables: readonly {
        at: Position;
        name: string;
        type: SqlType;
        value: Expression | undefined;
      }[];
    }
  | {
      kind: "setVariable";
      at: Position;
      name: string;
      op: Assignment["op"];
      value: Expression;
    }
  | { kind: "setOption"; at: Position; names: readonly string[]; value: string }
  | { kind: "setIdentityInsert"; at: Position; table: Name; on: boolean }
  | {
      kind: "if";
      at: Position;
      condition: Expression;
      body: Statement;
      otherwise: Statement | undefined;
    }
  | { kind: "while"; at: Position; condition: Expression; body: Statement }
  | { kind: "block"; at: Position; statements: readonly Statement[] }
  | { kind: "break" | "continue"; at: Position }
  | { kind: "return"; at: Position; value: Expression | undefined }
  | { kind: "tryCatch"; at: Position; body: Block; handler: Block }
  | {
      kind: "throw";
      at: Position;
      args: { number: Expression; message: Expression; state: Expression } | undefined;
    }
  | {
      kind: "raiserror";
      at: Position;
      message: Expression;
      severity: Expression;
      state: Expression;
      args: readonly Expression[];
    }
  | { kind: "print"; at: Position; value: Expression }
  | {
      kind: "execute";
      at: Position;
      status: string | undefined;
      procedure: Name;
      args: readonly Argument[];
    }
  | { kind: "executeText"; at: Position; text: Expression }
  | { kind: "executeAs"; at: Position; user: string }
  | { kind: "revert"; at: Position }
  | { kind: "use"; at: Position; database: string }
  | { kind: "alterDatabase"; at: Position; database: string | undefined }
  | { kind: "waitfor"; at: Position; delay: Expression }
  | {
      kind: "transaction";
      at: Position;
      action: "begin" | "commit" | "rollback";
      name: string | undefined;
    }
  | { kind: "explain"; at: Position; statement: Statement }
  | { kind: "kill"; at: Position; session: number }
  | { kind: "spaceUsed"; at: Position; table: Name | undefined }
  | { kind: "databaseConsole"; at: Position };

/** `end`: the offset of what follows it in its text. */
export type Statement = (
  | DataStatement
  | DefinitionStatement
  | ExternalStatement
  | SecurityStatement
  | ControlStatement
) & { end?: number };
