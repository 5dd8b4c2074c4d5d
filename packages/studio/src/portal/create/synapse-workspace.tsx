// Create Synapse workspace: its data lake (selected or new), managed network, SQL administrator, and
// the role on the lake that the workspace's managed identity needs.

import { useQuery } from "@tanstack/react-query";
import { resourcesQuery } from "../../api/resource.ts";
import { useResourceRules } from "../../control/definition.ts";
import { useAccount } from "../../shell/account.ts";
import { CreatePage } from "./create-page.tsx";
import { groupId, usePlace } from "./place.ts";
import { storageType } from "./storage.ts";
import { synapseTabs } from "./synapse-field.ts";
import { type SynapseValues, synapseId, synapsePlan, synapseType } from "./synapse-plan.ts";
import { Waiting } from "./waiting.tsx";

const title = "Create Synapse workspace";

export function Page() {
  const rules = useResourceRules(synapseType);
  const storageRules = useResourceRules(storageType);
  const place = usePlace();
  const { data: accounts } = useQuery(resourcesQuery(storageType));
  const { objectId } = useAccount();
  if (place.isLoading || !accounts) return <Waiting title={title} error={place.error} />;
  return (
    <CreatePage<SynapseValues>
      title={title}
      initial={{
        ...place.initial,
        name: "",
        managedGroup: "",
        account: "",
        filesystem: "",
        grantsIdentity: "true",
        grantsMe: "true",
        login: "sqladminuser",
        password: "",
        again: "",
        network: "",
        protection: "",
        publicAccess: "Enabled",
      }}
      tabs={(values) => synapseTabs(values, { place, rules, storageRules, accounts })}
      plan={(values) => synapsePlan(values, { place, accounts, me: objectId })}
      target={(values) => synapseId(groupId(values), values.name)}
    />
  );
}
