"""The link from nothing with Azure's management and Synapse packages for Python, unmodified, on Azure's
host names. Run by azure-python.test.ts through `callosum exec`; prints one JSON object of what it saw."""

import asyncio
import json
import os
import sys
import uuid

from azure.identity import ClientSecretCredential, DefaultAzureCredential
from azure.identity.aio import DefaultAzureCredential as AsyncCredential
from azure.keyvault.secrets import SecretClient
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.machinelearningservices import MachineLearningServicesMgmtClient
from azure.mgmt.resource.deployments import DeploymentsMgmtClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.synapse import SynapseManagementClient
from azure.synapse.accesscontrol import AccessControlClient
from azure.synapse.artifacts import ArtifactsClient
from azure.synapse.artifacts.models import (
    AzureKeyVaultLinkedService,
    AzureKeyVaultSecretReference,
    AzureMLServiceLinkedService,
    LinkedServiceReference,
)
from azure.synapse.managedprivateendpoints import VnetClient
from msgraph import GraphServiceClient
from msgraph.generated.applications.item.add_password.add_password_post_request_body import (
    AddPasswordPostRequestBody,
)
from msgraph.generated.models.application import Application
from msgraph.generated.models.service_principal import ServicePrincipal

SUBSCRIPTION = os.environ["AZURE_SUBSCRIPTION_ID"]
TENANT = os.environ["AZURE_TENANT_ID"]
GROUP, PLACE = "rg2", "westeurope"
ROOT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
SYNAPSE_USER = "2a385764-43e8-416c-9825-7b18d05a2c4b"

credential = DefaultAzureCredential()
resources = ResourceManagementClient(credential, SUBSCRIPTION)
deployments = DeploymentsMgmtClient(credential, SUBSCRIPTION)
synapse = SynapseManagementClient(credential, SUBSCRIPTION)
authorization = AuthorizationManagementClient(credential, SUBSCRIPTION)
machine_learning = MachineLearningServicesMgmtClient(credential, SUBSCRIPTION)
saw = {}


def make_ground():
    resources.resource_groups.create_or_update(GROUP, {"location": PLACE})
    saw["registered"] = resources.providers.register("Microsoft.Synapse").registration_state
    vault = {"tenantId": TENANT, "sku": {"family": "A", "name": "standard"}}
    rows = [
        (
            "Microsoft.Storage/storageAccounts/lake2py",
            "2023-05-01",
            {
                "sku": {"name": "Standard_LRS"},
                "kind": "StorageV2",
                "properties": {"isHnsEnabled": True},
            },
        ),
        (
            "Microsoft.KeyVault/vaults/kv2py",
            "2023-07-01",
            {"properties": {**vault, "enableRbacAuthorization": True}},
        ),
        (
            "Microsoft.Insights/components/insights2py",
            "2020-02-02",
            {"kind": "web", "properties": {"Application_Type": "web"}},
        ),
    ]
    ids = []
    for path, version, body in rows:
        made = resources.resources.begin_create_or_update_by_id(
            f"{ROOT}/providers/{path}", {"location": PLACE, **body}, api_version=version
        ).result()
        ids.append(made.id)
    saw["resources"] = sorted(each.name for each in resources.resources.list_by_resource_group(GROUP))
    return ids


def make_synapse():
    lake = {"account_url": "https://lake2py.dfs.core.windows.net", "filesystem": "default"}
    made = synapse.workspaces.begin_create_or_update(
        GROUP,
        "ws2py",
        {
            "location": PLACE,
            "identity": {"type": "SystemAssigned"},
            "default_data_lake_storage": lake,
            "managed_virtual_network": "default",
            "sql_administrator_login": "sqladmin",
            "sql_administrator_login_password": "Example-passw0rd",
        },
    ).result()
    pool = {
        "location": PLACE,
        "spark_version": "3.4",
        "node_size": "Small",
        "node_size_family": "MemoryOptimized",
        "node_count": 3,
    }
    spark = synapse.big_data_pools.begin_create_or_update(GROUP, "ws2py", "pool1", pool).result()
    sql = synapse.sql_pools.begin_create(
        GROUP, "ws2py", "sql1", {"location": PLACE, "sku": {"name": "DW100c"}}
    ).result()
    saw["synapse"] = [made.provisioning_state, spark.provisioning_state, sql.status]
    tagged = synapse.workspaces.begin_update(GROUP, "ws2py", {"tags": {"a": "b"}}).result()
    saw["tags"] = tagged.tags
    saw["pools"] = [
        each.name for each in synapse.big_data_pools.list_by_workspace(GROUP, "ws2py")
    ]
    return made.identity.principal_id, spark.id


def make_machine_learning(storage, vault, insights):
    made = machine_learning.workspaces.begin_create_or_update(
        GROUP,
        "ml2py",
        {
            "location": PLACE,
            "identity": {"type": "SystemAssigned"},
            "storage_account": storage,
            "key_vault": vault,
            "application_insights": insights,
        },
    ).result()
    saw["machine learning"] = [made.name, made.provisioning_state]
    return made.id


def grant(scope, role, principal):
    definition = f"{scope}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    body = {
        "role_definition_id": definition,
        "principal_id": principal,
        "principal_type": "ServicePrincipal",
    }
    return authorization.role_assignments.create(scope, str(uuid.uuid4()), body)


async def register_application():
    """An application with a secret and a service principal; gives its ids and the secret."""
    async with AsyncCredential() as asynchronous:
        graph = GraphServiceClient(asynchronous, ["https://graph.microsoft.com/.default"])
        made = await graph.applications.post(Application(display_name="link2py"))
        password = await graph.applications.by_application_id(made.id).add_password.post(
            AddPasswordPostRequestBody()
        )
        principal = await graph.service_principals.post(ServicePrincipal(app_id=made.app_id))
        found = await graph.service_principals.get()
        saw["principal listed"] = principal.id in [each.id for each in found.value]
        return made.app_id, principal.id, password.secret_text


def link(application, secret, vault_name):
    """The service principal's link: its key stays in the vault."""
    artifacts = ArtifactsClient(credential, "https://ws2py.dev.azuresynapse.net")
    vault = AzureKeyVaultLinkedService(base_url=f"https://{vault_name}.vault.azure.net/")
    store = LinkedServiceReference(reference_name="vault1", type="LinkedServiceReference")
    service = AzureMLServiceLinkedService(
        subscription_id=SUBSCRIPTION,
        resource_group_name=GROUP,
        ml_workspace_name="ml2py",
        service_principal_id=application,
        service_principal_key=AzureKeyVaultSecretReference(store=store, secret_name="link-key"),
        tenant=TENANT,
    )
    links = artifacts.linked_service
    for name, body in (("vault1", vault), ("AzureML1", service)):
        links.begin_create_or_update_linked_service(name, body).result()
    secrets = SecretClient(f"https://{vault_name}.vault.azure.net/", credential)
    secrets.set_secret("link-key", secret)
    saw["secret"] = secrets.get_secret("link-key").value == secret
    properties = links.get_linked_service("AzureML1").properties
    saw["link"] = [properties.ml_workspace_name, properties.service_principal_key.secret_name]
    saw["links"] = sorted(each.name for each in links.get_linked_services_by_workspace())
    links.begin_delete_linked_service("AzureML1").result()
    saw["unlinked"] = sorted(each.name for each in links.get_linked_services_by_workspace())


def assign_synapse_role(principal):
    client = AccessControlClient(credential, "https://ws2py.dev.azuresynapse.net")
    scope = "workspaces/ws2py"
    made = client.role_assignments.create_role_assignment(
        str(uuid.uuid4()), SYNAPSE_USER, principal, scope, "ServicePrincipal"
    )
    listed = client.role_assignments.list_role_assignments(role_id=SYNAPSE_USER)
    saw["synapse role"] = made.id in [each.id for each in listed.value]
    saw["synapse roles"] = len(client.role_definitions.list_role_definitions())
    client.role_assignments.delete_role_assignment_by_id(made.id)


def reach_privately(target):
    client = VnetClient(credential, "https://ws2py.dev.azuresynapse.net")
    endpoints = client.managed_private_endpoints
    wanted = {"privateLinkResourceId": target, "groupId": "amlworkspace"}
    made = endpoints.create("pe1", properties=wanted)
    saw["private endpoint"] = [made.name, made.properties.group_id]
    saw["private endpoints"] = "pe1" in [each.name for each in endpoints.list()]
    endpoints.delete("pe1")


def attach(pool):
    """The machine learning package has no SynapseSpark, so its compute is made as a plain resource."""
    computes = machine_learning.machine_learning_compute
    properties = {"computeType": "SynapseSpark", "resourceId": pool}
    resources.resources.begin_create_or_update_by_id(
        f"{ROOT}/providers/Microsoft.MachineLearningServices/workspaces/ml2py/computes/spark1",
        {"location": PLACE, "properties": properties},
        api_version="2022-10-01",
    ).result()
    saw["attached"] = [each.name for each in computes.list_by_workspace(GROUP, "ml2py")]
    computes.begin_delete(GROUP, "ml2py", "spark1", "Detach").result()
    saw["detached"] = [each.name for each in computes.list_by_workspace(GROUP, "ml2py")]


def deploy(template, synapse_id):
    values = {
        "workspace": "ml2py",
        "synapseId": synapse_id,
        "region": PLACE,
        "pools": [{"as": "spark1", "pool": "pool1"}],
    }
    properties = {
        "mode": "Incremental",
        "template": template,
        "parameters": {name: {"value": value} for name, value in values.items()},
    }
    body = {"properties": properties}
    valid = deployments.deployments.begin_validate(GROUP, "link", body).result()
    foreseen = deployments.deployments.begin_what_if(GROUP, "link", body).result()
    ended = deployments.deployments.begin_create_or_update(GROUP, "link", body).result()
    saw["deployment"] = [
        valid.properties.provisioning_state.value,
        sorted({change.change_type.value for change in foreseen.changes}),
        ended.properties.provisioning_state.value,
        len(list(deployments.deployment_operations.list(GROUP, "link"))),
    ]
    return ended.properties.outputs["principalId"]["value"]


with open(sys.argv[1], encoding="utf-8") as file:
    linking = json.load(file)
storage_id, vault_id, insights_id = make_ground()
msi, pool_id = make_synapse()
workspace_id = make_machine_learning(storage_id, vault_id, insights_id)
application_id, principal_id, password = asyncio.run(register_application())
grant(workspace_id, CONTRIBUTOR, msi)
grant(workspace_id, CONTRIBUTOR, principal_id)
own = ClientSecretCredential(TENANT, application_id, password)
reader = MachineLearningServicesMgmtClient(own, SUBSCRIPTION)
saw["read as the application"] = reader.workspaces.get(GROUP, "ml2py").name
saw["assignments"] = len(list(authorization.role_assignments.list_for_scope(workspace_id)))
me = os.environ["CALLOSUM_TEST_ADMIN"]
grant(vault_id, SECRETS_OFFICER, me)
link(application_id, password, "kv2py")
assign_synapse_role(principal_id)
reach_privately(workspace_id)
attach(pool_id)
identity = deploy(linking, f"{ROOT}/providers/Microsoft.Synapse/workspaces/ws2py")
saw["link identity"] = identity
synapse.workspaces.begin_delete(GROUP, "ws2py").result()
resources.resource_groups.begin_delete(GROUP).result()
saw["left"] = [each.name for each in resources.resource_groups.list()]
print(json.dumps(saw))
