"""Models as people register them with SDK v2 (azure-ai-ml), unmodified, on Azure's host names. Run by
ai-ml-model.test.ts through `callosum exec`; prints one JSON object."""

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import requests
from azure.ai.ml import MLClient
from azure.ai.ml.entities import Model
from azure.identity import ClientSecretCredential

example = Path(sys.argv[1])
credential = ClientSecretCredential(
    os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"]
)
bearer = f"Bearer {credential.get_token('https://management.azure.com/.default').token}"
subscription = os.environ["AZURE_SUBSCRIPTION_ID"]
group = f"/subscriptions/{subscription}/resourceGroups/rg1"
account = f"{group}/providers/Microsoft.Storage/storageAccounts/aimlmodels"
workspace = f"{group}/providers/Microsoft.MachineLearningServices/workspaces/ml1"


def put(path, version, body):
    url, query, headers = f"https://management.azure.com{path}", {"api-version": version}, {"Authorization": bearer}
    requests.put(url, params=query, json=body, headers=headers, timeout=30).raise_for_status()


place = {"location": "westeurope"}
kind = {"sku": {"name": "Standard_LRS"}, "kind": "StorageV2"}
put(group, "2022-09-01", place)
put(account, "2023-05-01", {**place, **kind, "properties": {}})
put(workspace, "2022-10-01", {**place, "properties": {"storageAccount": account}})
client = MLClient(credential, subscription, "rg1", "ml1")


def register(name, path, kind):
    model = Model(name=name, path=str(path), type=kind, description="d")
    made = client.models.create_or_update(model)
    return [made.name, made.version, sorted(made.flavors or {})]


saw = {
    "datastores": sorted([each.name, each.type.split(".")[-1]] for each in client.datastores.list()),
    "default": client.datastores.get_default().name,
    "file": register("flight", example / "model.onnx", "custom_model"),
    "again": register("flight", example / "model.onnx", "custom_model"),
    "folder": register("flow", example, "mlflow_model"),
    "names": sorted([model.name, model.latest_version] for model in client.models.list()),
    "versions": [model.version for model in client.models.list(name="flight")],
}
client.models.archive("flight", version="1")
saw["archived"] = [model.version for model in client.models.list(name="flight")]
client.models.restore("flight", version="1")
saw["restored"] = [model.version for model in client.models.list(name="flight")]
latest = client.models.get("flight", label="latest")
saw["latest"] = [latest.name, latest.version, latest.type]
with TemporaryDirectory() as folder:
    client.models.download("flow", "1", download_path=folder)
    found = [path for path in Path(folder).rglob("model.onnx")]
    saw["downloaded"] = [path.read_bytes() == (example / "model.onnx").read_bytes() for path in found]
print(json.dumps(saw))
