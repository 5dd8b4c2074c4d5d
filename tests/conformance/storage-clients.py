# Unmodified azure-storage-blob, azure-storage-file-datalake and adlfs under `callosum exec`: Azure's own
# host names, signed in as the instance's application or with the account's key. Prints one JSON object.

import json
import os
import sys

from azure.identity import DefaultAzureCredential
from azure.storage.blob import (
    BlobServiceClient,
    ContainerSasPermissions,
    generate_container_sas,
)
from azure.storage.filedatalake import DataLakeServiceClient
from datetime import datetime, timedelta, timezone

account, key = sys.argv[1], sys.argv[2]
blob_url = f"https://{account}.blob.core.windows.net"
dfs_url = f"https://{account}.dfs.core.windows.net"
answer = {}

with_key = BlobServiceClient(blob_url, credential=key)
container = with_key.create_container("python")
data = os.urandom(6_000_000)
container.upload_blob("big", data, max_concurrency=4)
answer["blob"] = container.download_blob("big", max_concurrency=4).readall() == data
small = container.get_blob_client("folder/small")
small.upload_blob(b"small", metadata={"a": "b"}, overwrite=True)
answer["range"] = small.download_blob(offset=1, length=3).readall().decode()
answer["metadata"] = small.get_blob_properties().metadata
answer["names"] = [blob.name for blob in container.list_blobs()]
answer["prefixes"] = [item.name for item in container.walk_blobs(delimiter="/")]
container.delete_blobs("folder/small")
answer["batch"] = small.exists()

expiry = datetime.now(timezone.utc) + timedelta(hours=1)
sas = generate_container_sas(
    account, "python", account_key=key, permission=ContainerSasPermissions(read=True), expiry=expiry
)
signed = BlobServiceClient(blob_url, credential=sas).get_blob_client("python", "big")
answer["sas"] = signed.download_blob(offset=0, length=10).readall() == data[:10]

token = DefaultAzureCredential()
by_token = BlobServiceClient(blob_url, credential=token)
delegation = by_token.get_user_delegation_key(datetime.now(timezone.utc) - timedelta(minutes=1), expiry)
delegated = generate_container_sas(
    account, "python", user_delegation_key=delegation, permission="r", expiry=expiry
)
read = BlobServiceClient(blob_url, credential=delegated).get_blob_client("python", "big")
answer["delegated"] = read.download_blob(offset=0, length=10).readall() == data[:10]

lake = DataLakeServiceClient(dfs_url, credential=token)
files = lake.create_file_system("pylake")
directory = files.create_directory("one")
file = directory.create_file("note.txt")
file.append_data(b"hello ", 0)
file.append_data(b"lake", 6)
file.flush_data(10)
answer["lake"] = file.download_file().readall().decode()
directory.rename_directory("pylake/two")
answer["paths"] = [path.name for path in files.get_paths()]
two = files.get_directory_client("two")
two.set_access_control(permissions="rwxr-x---")
answer["permissions"] = two.get_access_control()["permissions"]
answer["recursive"] = two.update_access_control_recursive("user:11111111-1111-4111-8111-111111111111:r-x").counters.files_successful
two.delete_directory()
answer["left"] = [path.name for path in files.get_paths()]

from adlfs import AzureBlobFileSystem

system = AzureBlobFileSystem(account_name=account, account_key=key)
with system.open("python/adlfs/data.csv", "wb") as target:
    target.write(b"a,b\n1,2\n")
with system.open("python/adlfs/data.csv", "rb") as source:
    answer["adlfs"] = source.read().decode()
answer["adlfs_names"] = system.ls("python/adlfs")
system.rm("python/adlfs", recursive=True)
print(json.dumps(answer))
