"""The AML side of the link as people write it with SDK v1 (azureml-core), unmodified, on Azure's host
names. Run by azureml-core.test.ts through `callosum exec`; prints one JSON object of what it saw."""

import json
import os

import requests
from azureml.core import LinkedService, SynapseWorkspaceLinkedServiceConfiguration, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget, SynapseCompute
from azureml.core.compute_target import ComputeTargetException

GROUP, SYNAPSE, ML, POOL = "rg1", "ws1", "ml1", "pool1"
subscription = os.environ["AZURE_SUBSCRIPTION_ID"]

auth = ServicePrincipalAuthentication(
    tenant_id=os.environ["AZURE_TENANT_ID"],
    service_principal_id=os.environ["AZURE_CLIENT_ID"],
    service_principal_password=os.environ["AZURE_CLIENT_SECRET"],
)


def put(path, version, body):
    url = f"https://management.azure.com/subscriptions/{subscription}/resourceGroups/{GROUP}{path}"
    headers = auth.get_authentication_header()
    reply = requests.put(url, params={"api-version": version}, json=body, headers=headers, timeout=30)
    reply.raise_for_status()


lake = {"accountUrl": "https://lake.dfs.core.windows.net", "filesystem": "fs"}
synapse = f"/providers/Microsoft.Synapse/workspaces/{SYNAPSE}"
put("", "2022-09-01", {"location": "westeurope"})
put(synapse, "2021-06-01", {"location": "westeurope", "properties": {"defaultDataLakeStorage": lake}})
pool = {"sparkVersion": "3.4", "nodeSize": "Small", "nodeCount": 3}
put(f"{synapse}/bigDataPools/{POOL}", "2021-06-01", {"properties": pool})
ml = f"/providers/Microsoft.MachineLearningServices/workspaces/{ML}"
put(ml, "2020-03-01", {"location": "westeurope", "properties": {}})

saw = {}
workspace = Workspace.get(name=ML, subscription_id=subscription, resource_group=GROUP, auth=auth)
saw["workspace"] = [workspace.name, workspace.location, workspace.resource_group]

configuration = SynapseWorkspaceLinkedServiceConfiguration(
    subscription_id=subscription, resource_group=GROUP, name=SYNAPSE
)
link = LinkedService.register(
    workspace=workspace, name="synapselink1", linked_service_config=configuration
)
saw["link"] = [link.name, getattr(link.type, "value", link.type), link.linked_service_resource_id]
saw["identity"] = link.system_assigned_identity_principal_id
again = LinkedService.get(workspace, "synapselink1")
saw["same identity"] = again.system_assigned_identity_principal_id == saw["identity"]
saw["links"] = [each.name for each in LinkedService.list(workspace)]

attach = SynapseCompute.attach_configuration(link, type="SynapseSpark", pool_name=POOL)
compute = ComputeTarget.attach(workspace=workspace, name="spark1", attach_configuration=attach)
compute.wait_for_completion()
saw["state"] = compute.provisioning_state
saw["targets"] = {name: type(each).__name__ for name, each in workspace.compute_targets.items()}
found = ComputeTarget(workspace, "spark1")
saw["pool"] = found.cluster_resource_id
try:
    ComputeTarget(workspace, "nothing1")
except ComputeTargetException as error:
    saw["missing"] = "ComputeTargetNotFound" in str(error)

try:
    link.unregister()
except Exception as error:  # the SDK's own classes differ between releases
    saw["refused"] = "spark1" in str(error)
found.detach()
saw["detached"] = [name for name in workspace.compute_targets]
link.unregister()
saw["unlinked"] = [each.name for each in LinkedService.list(workspace)]
print(json.dumps(saw))
