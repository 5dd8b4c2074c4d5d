// The columns of a list of resources.

import type { Resource } from "../../api/resource.ts";
import { idPart } from "../../api/resource.ts";
import { typeLabel } from "../../api/scope.ts";
import type { Column } from "../../control/grid.tsx";
import { Link } from "../../control/link.tsx";
import { scopePath } from "../../control/scope-path.ts";

export const nameColumn: Column<Resource> = {
  name: "name",
  label: "Name",
  width: "30%",
  text: ({ name }) => name,
  show: ({ id, name }) => <Link to={scopePath("overview", id)}>{name}</Link>,
};

export const resourceColumns: readonly Column<Resource>[] = [
  nameColumn,
  { name: "type", label: "Type", text: ({ type }) => typeLabel(type) },
  {
    name: "group",
    label: "Resource group",
    text: ({ id }) => idPart(id, "resourceGroups"),
    show: ({ id }) => (
      <Link to={scopePath("overview", id.split("/").slice(0, 5).join("/"))}>
        {idPart(id, "resourceGroups")}
      </Link>
    ),
  },
  { name: "location", label: "Location", text: ({ location }) => location ?? "" },
];
