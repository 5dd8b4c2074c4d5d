"""What the Python stories start from: a group with a Synapse workspace, a Spark pool and a machine
learning workspace, made with plain requests."""

import os

import requests

GROUP, SYNAPSE, ML, POOL = "rg1", "ws1", "ml1", "pool1"
SUBSCRIPTION = os.environ["AZURE_SUBSCRIPTION_ID"]


def make(authorization):
    """`authorization` is the header's value; gives the id of the Spark pool."""

    def put(path, version, body):
        root = f"https://management.azure.com/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}"
        headers = {"Authorization": authorization}
        query = {"api-version": version}
        reply = requests.put(root + path, params=query, json=body, headers=headers, timeout=30)
        reply.raise_for_status()
        return reply.json()["id"]

    place = {"location": "westeurope"}
    lake = {"accountUrl": "https://lake.dfs.core.windows.net", "filesystem": "fs"}
    synapse = f"/providers/Microsoft.Synapse/workspaces/{SYNAPSE}"
    pool = {"sparkVersion": "3.4", "nodeSize": "Small", "nodeCount": 3}
    ml = f"/providers/Microsoft.MachineLearningServices/workspaces/{ML}"
    put("", "2022-09-01", place)
    put(synapse, "2021-06-01", {**place, "properties": {"defaultDataLakeStorage": lake}})
    put(ml, "2020-03-01", {**place, "properties": {}})
    return put(f"{synapse}/bigDataPools/{POOL}", "2021-06-01", {"properties": pool})
