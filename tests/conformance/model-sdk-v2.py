"""Models as people register them with SDK v2 (azure-ai-ml), unmodified, on Azure's host names. Run by
model-sdk-v2.test.ts through `callosum exec`; prints one JSON object."""

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import ground
import requests
from azure.ai.ml import MLClient
from azure.ai.ml.entities import AccountKeyConfiguration, AzureBlobDatastore, Model
from azure.identity import ClientSecretCredential
from azure.storage.blob import BlobServiceClient

example = Path(sys.argv[1])
credential = ClientSecretCredential(
    os.environ["AZURE_TENANT_ID"], os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"]
)
bearer = f"Bearer {credential.get_token('https://management.azure.com/.default').token}"
ground.make(bearer)
group = f"https://management.azure.com/subscriptions/{ground.SUBSCRIPTION}/resourceGroups/{ground.GROUP}"
account = f"{group}/providers/Microsoft.Storage/storageAccounts/sdkv2models"


def send(method, url, body):
    query, headers = {"api-version": "2023-05-01"}, {"Authorization": bearer}
    reply = requests.request(method, url, params=query, json=body, headers=headers, timeout=30)
    reply.raise_for_status()
    return reply.json()


place = {"location": "westeurope", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2"}
send("PUT", account, {**place, "properties": {}})
key = send("POST", f"{account}/listKeys", {})["keys"][0]["value"]
BlobServiceClient("https://sdkv2models.blob.core.windows.net", key).create_container("models")

client = MLClient(credential, ground.SUBSCRIPTION, ground.GROUP, ground.ML)
client.datastores.create_or_update(
    AzureBlobDatastore(
        name="store1",
        account_name="sdkv2models",
        container_name="models",
        credentials=AccountKeyConfiguration(account_key=key),
    )
)


def register(name, path, kind):
    model = Model(name=name, path=str(path), type=kind, description="d", datastore="store1")
    made = client.models.create_or_update(model)
    return [made.name, made.version, sorted(made.flavors or {})]


saw = {
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
