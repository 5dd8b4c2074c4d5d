// Nodes of Swagger 2.0 documents, as far as the checks look at them.

/** A node of a document; only the words that are looked at. */
export interface Node {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly allOf?: readonly Node[];
  readonly additionalProperties?: boolean | Node;
  readonly discriminator?: string;
  readonly uniqueItems?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly "x-nullable"?: boolean;
  readonly "x-ms-secret"?: boolean;
  readonly "x-ms-mutability"?: readonly string[];
  readonly "x-ms-discriminator-value"?: string;
}

/** A node where it stands: references inside it are relative to the document. */
export interface Placed<Of = Node> {
  readonly document: string;
  readonly node: Of;
}
