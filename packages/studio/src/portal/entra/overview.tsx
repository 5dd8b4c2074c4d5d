// Microsoft Entra ID: the directory, and the ways to what is in it.

import { useQuery } from "@tanstack/react-query";
import { directoryQuery } from "../../api/directory.ts";
import { Essentials } from "../../control/essentials.tsx";
import { Link } from "../../control/link.tsx";
import { PageFrame } from "../../control/page-frame.tsx";
import { Problem } from "../../control/problem.tsx";
import { useAccount } from "../../shell/account.ts";

const lists = [
  { label: "Users", path: "/entra/users" },
  { label: "Groups", path: "/entra/groups" },
  { label: "App registrations", path: "/entra/app-registrations" },
  { label: "Enterprise applications", path: "/entra/enterprise-applications" },
] as const;

export function Page() {
  const { tenantId, userName } = useAccount();
  const { data, error } = useQuery(
    directoryQuery<{ displayName: string; verifiedDomains: { name: string }[] }>("organization?"),
  );
  const organization = data?.[0];
  return (
    <PageFrame title="Microsoft Entra ID" crumbs={[{ label: "Home", to: "/" }]}>
      {error && <Problem error={error} />}
      <Essentials
        label="Basic information"
        entries={[
          ["Name", organization?.displayName ?? (error ? "" : "Loading")],
          ["Tenant ID", tenantId],
          [
            "Primary domain",
            organization?.verifiedDomains[0]?.name ?? userName.split("@")[1] ?? "",
          ],
        ]}
      />
      <ul>
        {lists.map(({ label, path }) => (
          <li key={path}>
            <Link to={path}>{label}</Link>
          </li>
        ))}
      </ul>
    </PageFrame>
  );
}
