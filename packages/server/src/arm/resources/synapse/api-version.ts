// The api-versions under which recordings, clients, Terraform and templates use Microsoft.Synapse
// (protocols.md 5.1, 8.2; templates/prereq-constructs.md). All are answered alike.

export const synapseVersions = [
  "2019-06-01-preview",
  "2020-04-01-preview",
  "2020-12-01",
  "2021-03-01",
  "2021-04-01-preview",
  "2021-05-01",
  "2021-05-01-preview",
  "2021-06-01",
  "2021-06-01-preview",
] as const;
