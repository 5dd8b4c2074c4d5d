"""The Python of «Link Azure Synapse Analytics and Azure Machine Learning workspaces», statement by
statement, with azureml-core as it is on PyPI. Run by azureml-core.test.ts where a config.json lies;
the sign-in is the user's, in the browser that the client opens."""

import json

from azureml.core import LinkedService, SynapseWorkspaceLinkedServiceConfiguration, Workspace
from azureml.core.compute import ComputeTarget, SynapseCompute

saw = {}

# Azure Machine Learning workspace
ws = Workspace.from_config()
saw["workspace"] = [ws.name, ws.resource_group]

# link configuration
synapse_link_config = SynapseWorkspaceLinkedServiceConfiguration(
    subscription_id=ws.subscription_id, resource_group="rg1", name="ws1"
)

# Link workspaces and register Synapse workspace in Azure Machine Learning
linked_service = LinkedService.register(
    workspace=ws, name="synapselink1", linked_service_config=synapse_link_config
)
saw["identity"] = linked_service.system_assigned_identity_principal_id

# The document gives `get` the workspace's name; the client asks for the workspace.
again = LinkedService.get(ws, "synapselink1")
saw["same identity"] = again.system_assigned_identity_principal_id == saw["identity"]
saw["links"] = [each.name for each in LinkedService.list(ws)]

attach_config = SynapseCompute.attach_configuration(
    linked_service, type="SynapseSpark", pool_name="pool1"
)
synapse_compute = ComputeTarget.attach(
    workspace=ws, name="synapse-spark", attach_configuration=attach_config
)
synapse_compute.wait_for_completion()
saw["state"] = synapse_compute.provisioning_state
synapse_compute.detach()

linked_service.unregister()
saw["unlinked"] = [each.name for each in LinkedService.list(ws)]
print(json.dumps(saw))
