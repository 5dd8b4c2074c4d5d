// Finding what lies in a container by its exact name.

import type { Reader, StoredDocument } from "@callosum/contract/ports.ts";
import { aclOfMode, formatAcl, superUser } from "./acl.ts";
import type { Container } from "./container.ts";
import { type Node, nameOf, nodeKey, nodeType } from "./node.ts";

export interface StoredNode {
  readonly name: string;
  readonly etag: string;
  readonly node: Node;
}

export function toStoredNode(container: Container, document: StoredDocument<Node>): StoredNode {
  return {
    name: nameOf(container.key, document.id),
    etag: document.etag,
    node: document.body,
  };
}

export async function findNode(
  reader: Reader,
  container: Container,
  name: string,
): Promise<StoredNode | undefined> {
  const document = await reader.document<Node>(nodeKey(container.key, name));
  return document && toStoredNode(container, document);
}

const rootMode = 0o750;

/** The root directory: it is written when its list is set, and exists before. */
export async function rootNode(reader: Reader, container: Container): Promise<StoredNode> {
  const stored = await findNode(reader, container, "");
  if (stored) return stored;
  const { createdMs, lastModifiedMs } = container.state;
  return {
    name: "",
    etag: container.etag,
    node: {
      kind: "directory",
      length: 0,
      createdMs,
      modifiedMs: lastModifiedMs,
      owner: superUser,
      group: superUser,
      acl: formatAcl(aclOfMode(rootMode)),
    },
  };
}

/** Whether anything lies below a name. */
export async function hasChildren(
  reader: Reader,
  container: Container,
  name: string,
): Promise<boolean> {
  const found = await reader.documents({
    type: nodeType,
    under: nodeKey(container.key, name),
    limit: 1,
  });
  return found.length > 0;
}
