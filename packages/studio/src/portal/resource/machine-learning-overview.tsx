// Overview of an Azure Machine Learning workspace: the way into its studio, and what it is made with.

import { Button } from "@fluentui/react-components";
import { idPart, type Resource } from "../../api/resource.ts";
import { Essentials } from "../../control/essentials.tsx";
import { useGo } from "../../control/link.tsx";
import { commonEssentials, resourceLink } from "./essential.tsx";

export function studioPath({ id, name }: Pick<Resource, "id" | "name">): string {
  return `/ml/${idPart(id, "subscriptions")}/${idPart(id, "resourceGroups")}/${name}`;
}

export function MachineLearningOverview({ workspace }: { workspace: Resource }) {
  const go = useGo();
  const properties = workspace.properties ?? {};
  const text = (name: string) => {
    const value = properties[name];
    return typeof value === "string" ? value : "";
  };
  return (
    <>
      <div>
        <Button appearance="primary" onClick={() => go(studioPath(workspace))}>
          Launch studio
        </Button>{" "}
        <Button onClick={() => go("/map")}>Link map</Button>
      </div>
      <Essentials
        label="Essentials"
        entries={[
          ...commonEssentials(workspace),
          ["Workspace name", text("friendlyName") || workspace.name],
          ["Description", text("description")],
          ["Workspace ID", text("workspaceId")],
          ["Storage", resourceLink(properties.storageAccount)],
          ["Key Vault", resourceLink(properties.keyVault)],
          ["Application Insights", resourceLink(properties.applicationInsights)],
          ["Container Registry", resourceLink(properties.containerRegistry)],
          ["MLflow tracking URI", text("mlFlowTrackingUri")],
          ["Discovery URL", text("discoveryUrl")],
          ["Public network access", text("publicNetworkAccess")],
        ]}
      />
    </>
  );
}
