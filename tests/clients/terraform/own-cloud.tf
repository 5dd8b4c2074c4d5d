# What is enough to see that the provider finds a private cloud by its metadata.
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

resource "azurerm_resource_group" "group" {
  name     = "rg-own-cloud"
  location = "westeurope"
}
