// The columns of a list of role assignments.

import { Text } from "@fluentui/react-components";
import type { Column } from "../../control/grid.tsx";
import { Link } from "../../control/link.tsx";
import { scopePath } from "../../control/scope-path.ts";
import type { AssignmentRow } from "./assignment-row.ts";

export const assignmentColumns: readonly Column<AssignmentRow>[] = [
  {
    name: "name",
    label: "Name",
    width: "34%",
    text: ({ name, detail }) => `${name} ${detail}`,
    show: ({ name, detail }) => (
      <>
        <Text block>{name}</Text>
        <Text block size={200}>
          {detail}
        </Text>
      </>
    ),
  },
  { name: "type", label: "Type", text: ({ type }) => type },
  { name: "role", label: "Role", text: ({ role }) => role },
  {
    name: "scope",
    label: "Scope",
    text: ({ scope }) => scope,
    show: ({ scope, isInherited, assignment: { properties } }) =>
      isInherited && properties.scope !== "/" ? (
        <Link to={scopePath("access-control", properties.scope)}>{scope}</Link>
      ) : (
        scope
      ),
  },
];
