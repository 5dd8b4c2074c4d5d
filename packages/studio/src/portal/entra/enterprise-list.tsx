// Enterprise applications: the service principals of applications and the managed identities.

import { Dropdown, Option } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import {
  type DirectoryObject,
  directoryQuery,
  identityResource,
  kindLabels,
  kindOf,
} from "../../api/directory.ts";
import { nameOf } from "../../api/scope.ts";
import { type Column, Grid } from "../../control/grid.tsx";
import { Link } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { scopePath } from "../../control/scope-path.ts";
import { entraCrumbs } from "./crumb.ts";

export const enterprisePath = "/entra/enterprise-applications";

const columns: readonly Column<DirectoryObject>[] = [
  {
    name: "name",
    label: "Name",
    text: ({ displayName }) => displayName,
    show: ({ id, displayName }) => <Link to={`${enterprisePath}/${id}`}>{displayName}</Link>,
  },
  { name: "id", label: "Object ID", text: ({ id }) => id },
  { name: "appId", label: "Application ID", text: ({ appId }) => appId ?? "" },
  { name: "type", label: "Type", width: "140px", text: (object) => kindLabels[kindOf(object)] },
  {
    name: "resource",
    label: "Resource",
    text: (object) => identityResource(object) ?? "",
    show: (object) => {
      const resource = identityResource(object);
      return resource ? <Link to={scopePath("overview", resource)}>{nameOf(resource)}</Link> : "";
    },
  },
];

const types = [
  { value: "", label: "Application type: all" },
  { value: "Application", label: "Enterprise Applications" },
  { value: "ManagedIdentity", label: "Managed Identities" },
];

export function Page() {
  const [type, setType] = useState("");
  const { data, error, refetch } = useQuery(
    directoryQuery("servicePrincipals?$orderby=displayName"),
  );
  const rows = useMemo(
    () => data?.filter((one) => type === "" || one.servicePrincipalType === type),
    [data, type],
  );
  return (
    <PageFrame title="Enterprise applications" crumbs={entraCrumbs}>
      <Grid
        label="Enterprise applications"
        columns={columns}
        rows={rows}
        error={error}
        onRetry={() => void refetch()}
        rowKey={({ id }) => id}
        empty="There is no service principal of this type."
        tools={
          <Dropdown
            aria-label="Application type"
            value={types.find(({ value }) => value === type)?.label ?? ""}
            selectedOptions={[type]}
            onOptionSelect={(_, { optionValue }) => setType(optionValue ?? "")}
          >
            {types.map(({ value, label }) => (
              <Option key={value} value={value}>
                {label}
              </Option>
            ))}
          </Dropdown>
        }
      />
    </PageFrame>
  );
}
