// What access control lists are asked, and the answer for a principal
// (learn.microsoft.com: Access control lists, "Common scenarios related to ACL permissions").

import type { Reader } from "@callosum/contract/ports.ts";
import type { Principal } from "@callosum/contract/principal.ts";
import { aclAllows, parseAcl } from "../lake/acl.ts";
import type { Container } from "../lake/container.ts";
import { findNode, rootNode } from "../lake/find-node.ts";
import { parentName } from "../lake/node.ts";

export interface AclQuestion {
  readonly path: string;
  /**
   * `read`, `list`: the content of a file, of a directory. `write`: a file's content, or a new file.
   * `create`, `remove`: entries of the parent. `traverse`: only the way. `own`: be its owner.
   */
  readonly right: "read" | "list" | "write" | "create" | "remove" | "traverse" | "own";
}

const execute = 1;
const write = 2;
const read = 4;

/** Whether lists allow it. What is missing counts as its nearest ancestor that is there. */
export async function isAllowedByAcl(
  reader: Reader,
  options: {
    container: Container;
    principal: Principal;
    question: AclQuestion;
    /** A role lets the principal read here, so the way need not be granted. */
    reads: boolean;
  },
): Promise<boolean> {
  const { container, principal, question } = options;
  const has = async (path: string, bits: number): Promise<boolean> => {
    const node =
      path === "" ? await rootNode(reader, container) : await findNode(reader, container, path);
    if (!node) return parentName(path) === path || has(parentName(path), bits);
    const { owner = "", group = "", acl = "" } = node.node;
    return acl !== "" && aclAllows({ acl: parseAcl(acl), owner, group, principal, bits });
  };
  const { path, right } = question;
  for (const ancestor of options.reads ? [] : ancestorsOf(path)) {
    if (!(await has(ancestor, execute))) return false;
  }
  switch (right) {
    case "traverse":
      return true;
    case "read":
      return has(path, read);
    case "list":
      return has(path, read | execute);
    case "write":
      return (await findNode(reader, container, path))
        ? has(path, write)
        : has(parentName(path), write | execute);
    case "create":
    case "remove":
      return has(parentName(path), write | execute);
    case "own": {
      const node =
        path === "" ? await rootNode(reader, container) : await findNode(reader, container, path);
      return node?.node.owner?.toLowerCase() === principal.objectId.toLowerCase();
    }
    default:
      throw right satisfies never;
  }
}

/** The root and every directory on the way, the path itself not included. */
function ancestorsOf(path: string): string[] {
  if (path === "") return [];
  const segments = path.split("/").slice(0, -1);
  return ["", ...segments.map((_, index) => segments.slice(0, index + 1).join("/"))];
}
