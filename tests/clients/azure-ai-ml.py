"""Attaching a Spark pool as people write it with SDK v2 (azure-ai-ml), unmodified, on Azure's host
names. Run by azure-python.test.ts through `callosum exec`; prints one JSON object."""

import json
import os

import ground
from azure.ai.ml import MLClient
from azure.ai.ml.entities import IdentityConfiguration, SynapseSparkCompute
from azure.identity import ClientSecretCredential

credential = ClientSecretCredential(
    os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"]
)
token = credential.get_token("https://management.azure.com/.default").token
pool = ground.make(f"Bearer {token}")
client = MLClient(credential, ground.SUBSCRIPTION, ground.GROUP, ground.ML)


def describe(compute):
    return {
        "name": compute.name,
        "type": compute.type,
        "state": str(getattr(compute.provisioning_state, "value", compute.provisioning_state)),
        "pool": compute.resource_id,
        "tags": compute.tags,
        "spark": compute.spark_version,
        "nodes": [compute.node_family, compute.node_size, compute.node_count],
        "pauses": compute.auto_pause_settings.auto_pause_enabled,
        "scales": compute.scale_settings.auto_scale_enabled,
        "identity": compute.identity and compute.identity.principal_id,
    }


def wanted(**more):
    identity = IdentityConfiguration(type="SystemAssigned")
    return SynapseSparkCompute(name="spark1", resource_id=pool, identity=identity, **more)


saw = {"workspace": client.workspaces.get(ground.ML).mlflow_tracking_uri}
saw["attached"] = describe(
    client.compute.begin_create_or_update(wanted(description="d", tags={"a": "1"})).result()
)
saw["read"] = describe(client.compute.get("spark1"))
saw["updated"] = describe(client.compute.begin_update(wanted(tags={"b": "2"})).result())
saw["listed"] = [compute.name for compute in client.compute.list()]
client.compute.begin_delete("spark1", action="Detach").result()
saw["detached"] = [compute.name for compute in client.compute.list()]
print(json.dumps(saw))
