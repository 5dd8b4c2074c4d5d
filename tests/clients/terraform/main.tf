# The workspace pair with what it needs, linked from Synapse, its pool attached, both sides granted.
terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 5.2"
    }
  }
}

provider "azurerm" {
  features {}
}

data "azurerm_client_config" "me" {}

resource "azurerm_resource_group" "group" {
  name     = "rg-terraform"
  location = "westeurope"
}

resource "azurerm_storage_account" "lake" {
  name                     = "laketerraform"
  resource_group_name      = azurerm_resource_group.group.name
  location                 = azurerm_resource_group.group.location
  account_tier             = "Standard"
  account_replication_type = "LRS"
  is_hns_enabled           = true
}

resource "azurerm_role_assignment" "lake" {
  scope                = azurerm_storage_account.lake.id
  role_definition_name = "Storage Blob Data Owner"
  principal_id         = data.azurerm_client_config.me.object_id
}

resource "azurerm_storage_data_lake_gen2_filesystem" "default" {
  name               = "default"
  storage_account_id = azurerm_storage_account.lake.id
  depends_on         = [azurerm_role_assignment.lake]
}

resource "azurerm_synapse_workspace" "synapse" {
  name                                 = "ws-terraform"
  resource_group_name                  = azurerm_resource_group.group.name
  location                             = azurerm_resource_group.group.location
  storage_data_lake_gen2_filesystem_id = azurerm_storage_data_lake_gen2_filesystem.default.id
  sql_administrator_login              = "sqladminuser"
  sql_administrator_login_password     = "Example-passw0rd"

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_synapse_firewall_rule" "all" {
  name                 = "AllowAll"
  synapse_workspace_id = azurerm_synapse_workspace.synapse.id
  start_ip_address     = "0.0.0.0"
  end_ip_address       = "255.255.255.255"
}

resource "azurerm_synapse_spark_pool" "pool" {
  name                 = "pool1"
  synapse_workspace_id = azurerm_synapse_workspace.synapse.id
  node_size_family     = "MemoryOptimized"
  node_size            = "Small"
  node_count           = 3
  spark_version        = "3.4"

  auto_pause {
    delay_in_minutes = 15
  }
}

resource "azurerm_key_vault" "vault" {
  name                       = "vault-terraform"
  resource_group_name        = azurerm_resource_group.group.name
  location                   = azurerm_resource_group.group.location
  tenant_id                  = data.azurerm_client_config.me.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
}

resource "azurerm_log_analytics_workspace" "logs" {
  name                = "logs-terraform"
  resource_group_name = azurerm_resource_group.group.name
  location            = azurerm_resource_group.group.location
}

resource "azurerm_application_insights" "insights" {
  name                = "insights-terraform"
  resource_group_name = azurerm_resource_group.group.name
  location            = azurerm_resource_group.group.location
  application_type    = "web"
  workspace_id        = azurerm_log_analytics_workspace.logs.id
}

resource "azurerm_storage_account" "learning" {
  name                     = "mlterraform"
  resource_group_name      = azurerm_resource_group.group.name
  location                 = azurerm_resource_group.group.location
  account_tier             = "Standard"
  account_replication_type = "LRS"
}

resource "azurerm_machine_learning_workspace" "learning" {
  name                    = "ml-terraform"
  resource_group_name     = azurerm_resource_group.group.name
  location                = azurerm_resource_group.group.location
  application_insights_id = azurerm_application_insights.insights.id
  key_vault_id            = azurerm_key_vault.vault.id
  storage_account_id      = azurerm_storage_account.learning.id

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_role_assignment" "synapse" {
  scope                = azurerm_machine_learning_workspace.learning.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_synapse_workspace.synapse.identity[0].principal_id
}

resource "azurerm_synapse_linked_service" "link" {
  name                 = "AzureML1"
  synapse_workspace_id = azurerm_synapse_workspace.synapse.id
  type                 = "AzureMLService"
  type_properties_json = jsonencode({
    subscriptionId    = data.azurerm_client_config.me.subscription_id
    resourceGroupName = azurerm_resource_group.group.name
    mlWorkspaceName   = azurerm_machine_learning_workspace.learning.name
    authentication    = "MSI"
  })
  depends_on = [azurerm_synapse_firewall_rule.all, azurerm_role_assignment.synapse]
}

resource "azurerm_machine_learning_synapse_spark" "attached" {
  name                          = "spark1"
  machine_learning_workspace_id = azurerm_machine_learning_workspace.learning.id
  location                      = azurerm_resource_group.group.location
  synapse_spark_pool_id         = azurerm_synapse_spark_pool.pool.id

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_synapse_role_assignment" "attached" {
  synapse_workspace_id = azurerm_synapse_workspace.synapse.id
  role_name            = "Apache Spark Administrator"
  principal_id         = azurerm_machine_learning_synapse_spark.attached.identity[0].principal_id
  principal_type       = "ServicePrincipal"
  depends_on           = [azurerm_synapse_firewall_rule.all]
}
