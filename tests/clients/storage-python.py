# Unmodified azure-storage-blob, azure-storage-file-datalake and adlfs under `callosum exec`: Azure's own
# host names, signed in as the instance's application or with the account's key. Prints one JSON object.

import json
import os
import sys
from datetime import datetime, timedelta, timezone

from adlfs import AzureBlobFileSystem
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.storage.blob import (
    BlobServiceClient,
    ContainerSasPermissions,
    generate_container_sas,
)
from azure.storage.filedatalake import DataLakeServiceClient

flat, deep, flat_key, deep_key = sys.argv[1:5]
now = datetime.now(timezone.utc)
expiry = now + timedelta(hours=1)
blob_url = f"https://{flat}.blob.core.windows.net"
token = DefaultAzureCredential()
answer = {}


def refusal(work):
    try:
        work()
        return "none"
    except HttpResponseError as error:
        code = error.error_code
        return f"{error.status_code} {getattr(code, 'value', code)}"


def blobs():
    container = BlobServiceClient(blob_url, credential=flat_key).create_container("python")
    data = os.urandom(6_000_000)
    container.upload_blob("big", data, max_concurrency=4, tags={"kind": "big"})
    small = container.get_blob_client("folder/small")
    small.upload_blob(b"small", metadata={"a": "b"}, overwrite=True)
    answer["blob"] = container.download_blob("big", max_concurrency=4).readall() == data
    answer["range"] = small.download_blob(offset=1, length=3).readall().decode()
    answer["metadata"] = small.get_blob_properties().metadata
    answer["names"] = [blob.name for blob in container.list_blobs()]
    answer["prefixes"] = [item.name for item in container.walk_blobs(delimiter="/")]
    answer["tagged"] = [blob.name for blob in container.find_blobs_by_tags("\"kind\" = 'big'")]
    log = container.get_blob_client("log")
    log.create_append_blob()
    for line in (b"one\n", b"two\n"):
        log.append_block(line)
    answer["appended"] = log.download_blob().readall().decode()
    lease = small.acquire_lease(15)
    answer["leased"] = refusal(lambda: small.upload_blob(b"x", overwrite=True))
    lease.release()
    copy = container.get_blob_client("copy")
    answer["copied"] = copy.start_copy_from_url(small.url)["copy_status"]
    answer["exists"] = refusal(lambda: small.upload_blob(b"x"))
    container.delete_blobs("folder/small", "copy", "log")
    answer["left"] = [blob.name for blob in container.list_blobs()]
    return data


def signatures(data):
    def signed(permission, **how):
        sas = generate_container_sas(
            flat, "python", permission=ContainerSasPermissions.from_string(permission), **how
        )
        return BlobServiceClient(blob_url, credential=sas).get_blob_client("python", "big")

    reads = signed("r", account_key=flat_key, expiry=expiry)
    answer["sas"] = reads.download_blob(offset=0, length=10).readall() == data[:10]
    answer["too_little"] = refusal(lambda: reads.upload_blob(b"x", overwrite=True))
    late = signed("r", account_key=flat_key, expiry=now - timedelta(hours=1))
    answer["expired"] = refusal(late.get_blob_properties)
    start = now - timedelta(minutes=1)
    delegation = BlobServiceClient(blob_url, credential=token).get_user_delegation_key(start, expiry)
    delegated = signed("r", user_delegation_key=delegation, expiry=expiry)
    answer["delegated"] = delegated.download_blob(offset=0, length=10).readall() == data[:10]


def paths():
    lake = DataLakeServiceClient(f"https://{deep}.dfs.core.windows.net", credential=token)
    files = lake.create_file_system("pylake")
    directory = files.create_directory("one")
    file = directory.create_file("note.txt")
    file.append_data(b"hello ", 0)
    file.append_data(b"lake", 6)
    file.flush_data(10)
    answer["lake"] = file.download_file().readall().decode()
    data = os.urandom(9_000_000)
    directory.get_file_client("big").upload_data(data, overwrite=True, chunk_size=2_000_000)
    answer["big"] = directory.get_file_client("big").download_file().readall() == data
    directory.rename_directory("pylake/two")
    answer["paths"] = [path.name for path in files.get_paths()]
    two = files.get_directory_client("two")
    two.set_access_control(permissions="rwxr-x---")
    answer["permissions"] = two.get_access_control()["permissions"]
    someone = "user:11111111-1111-4111-8111-111111111111:r-x"
    answer["recursive"] = two.update_access_control_recursive(someone).counters.files_successful
    two.delete_directory()
    answer["paths_left"] = [path.name for path in files.get_paths()]


def fsspec(account, credential, container):
    system = AzureBlobFileSystem(account_name=account, **credential)
    system.mkdir(container)
    with system.open(f"{container}/a/data.csv", "wb") as target:
        target.write(b"a,b\n1,2\n")
    with system.open(f"{container}/a/data.csv", "rb") as source:
        content = source.read().decode()
    system.pipe(f"{container}/a/b/big", os.urandom(6_000_000))
    size = system.info(f"{container}/a/b/big")["size"]
    system.copy(f"{container}/a/data.csv", f"{container}/copy.csv")
    # Directories are there in one kind of account only.
    found = [name for name in system.find(container) if "." in name or name.endswith("big")]
    system.rm(f"{container}/a", recursive=True)
    system.invalidate_cache()
    return [content, size, found, system.ls(container)]


data = blobs()
signatures(data)
paths()
answer["adlfs_key"] = fsspec(flat, {"account_key": flat_key}, "fskey")
answer["adlfs_deep"] = fsspec(deep, {"account_key": deep_key}, "fsdeep")
secret = {
    name: os.environ[f"AZURE_{name.upper()}"] for name in ("tenant_id", "client_id", "client_secret")
}
answer["adlfs_token"] = fsspec(flat, secret, "fstoken")
print(json.dumps(answer))
