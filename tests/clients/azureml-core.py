"""The AML side of the link as people write it with SDK v1 (azureml-core), unmodified, on Azure's host
names. Run by azureml-core.test.ts through `callosum exec`; prints one JSON object of what it saw."""

import json
import os

import ground
from azureml.core import LinkedService, SynapseWorkspaceLinkedServiceConfiguration, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication
from azureml.core.compute import ComputeTarget, SynapseCompute
from azureml.core.compute_target import ComputeTargetException

auth = ServicePrincipalAuthentication(
    tenant_id=os.environ["AZURE_TENANT_ID"],
    service_principal_id=os.environ["AZURE_CLIENT_ID"],
    service_principal_password=os.environ["AZURE_CLIENT_SECRET"],
)
ground.make(auth.get_authentication_header()["Authorization"])
here = {"subscription_id": ground.SUBSCRIPTION, "resource_group": ground.GROUP}

saw = {}
workspace = Workspace.get(name=ground.ML, auth=auth, **here)
saw["workspace"] = [workspace.name, workspace.location, workspace.resource_group]

configuration = SynapseWorkspaceLinkedServiceConfiguration(name=ground.SYNAPSE, **here)
link = LinkedService.register(
    workspace=workspace, name="synapselink1", linked_service_config=configuration
)
saw["link"] = [link.name, getattr(link.type, "value", link.type), link.linked_service_resource_id]
saw["identity"] = link.system_assigned_identity_principal_id
again = LinkedService.get(workspace, "synapselink1")
saw["same identity"] = again.system_assigned_identity_principal_id == saw["identity"]
saw["links"] = [each.name for each in LinkedService.list(workspace)]

attach = SynapseCompute.attach_configuration(link, type="SynapseSpark", pool_name=ground.POOL)
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
