"""Models as people register them with SDK v1 (azureml-core), unmodified, on Azure's host names. Run by
azureml-model.test.ts through `callosum exec`; prints one JSON object of what it saw."""

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import requests
from azureml.core import Model, Workspace
from azureml.core.authentication import ServicePrincipalAuthentication

example = Path(sys.argv[1])
subscription = os.environ["AZURE_SUBSCRIPTION_ID"]
auth = ServicePrincipalAuthentication(
    tenant_id=os.environ["AZURE_TENANT_ID"],
    service_principal_id=os.environ["AZURE_CLIENT_ID"],
    service_principal_password=os.environ["AZURE_CLIENT_SECRET"],
)
headers = {"Authorization": auth.get_authentication_header()["Authorization"]}
group = f"/subscriptions/{subscription}/resourceGroups/rg1"
account = f"{group}/providers/Microsoft.Storage/storageAccounts/sdkv1models"


def put(path, version, body):
    url, query = f"https://management.azure.com{path}", {"api-version": version}
    requests.put(url, params=query, json=body, headers=headers, timeout=30).raise_for_status()


place = {"location": "westeurope"}
put(group, "2022-09-01", place)
kind = {"sku": {"name": "Standard_LRS"}, "kind": "StorageV2"}
put(account, "2023-05-01", {**place, **kind, "properties": {}})
ml = f"{group}/providers/Microsoft.MachineLearningServices/workspaces/ml1"
put(ml, "2022-10-01", {**place, "properties": {"storageAccount": account}})

workspace = Workspace.get("ml1", auth=auth, subscription_id=subscription, resource_group="rg1")
saw = {
    "datastores": sorted(workspace.datastores),
    "default": workspace.get_default_datastore().name,
}


def register(name, path):
    made = Model.register(
        workspace,
        model_path=str(path),
        model_name=name,
        tags={"a": "b"},
        description="d",
        model_framework=Model.Framework.ONNX,
    )
    return [made.id, made.version]


saw["file"] = register("flight", example / "model.onnx")
saw["again"] = register("flight", example / "model.onnx")
saw["folder"] = register("flow", example)
saw["list"] = sorted([each.id, each.model_framework] for each in Model.list(workspace))
saw["latest"] = sorted(each.id for each in Model.list(workspace, latest=True))
model = Model(workspace, "flight")
model.add_tags({"x": "y"})
saw["got"] = [model.version, Model(workspace, "flight", version=1).version]
saw["tags"] = Model(workspace, "flight").tags
with TemporaryDirectory() as folder:
    for each in (model, Model(workspace, "flow")):
        each.download(target_dir=folder, exist_ok=True)
    found = sorted(Path(folder).rglob("model.onnx"))
    saw["downloaded"] = [
        path.read_bytes() == (example / "model.onnx").read_bytes() for path in found
    ]
Model(workspace, "flow").delete()
saw["left"] = sorted(each.id for each in Model.list(workspace))
print(json.dumps(saw))
