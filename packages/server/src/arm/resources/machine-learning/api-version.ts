// The api-versions under which the SDKs v1 and v2, Terraform and the templates use
// Microsoft.MachineLearningServices (protocols.md 1.1, 1.4, 2, 7.2, 8.2).

/** SDK v1 and the templates of its time. */
export const v1Versions = [
  "2018-03-01-preview",
  "2018-11-19",
  "2019-05-01",
  "2019-06-01",
  "2019-10-01",
  "2019-11-01",
  "2020-01-01",
  "2020-02-02",
  "2020-02-18-preview",
  "2020-03-01",
  "2020-04-01",
  "2020-04-01-preview",
  "2020-06-01",
  "2020-08-01",
  "2020-09-01-preview",
  "2021-01-01",
  "2021-03-01-preview",
  "2021-04-01",
  "2021-07-01",
] as const;

/** SDK v2, its CLI and Terraform. */
export const v2Versions = [
  "2022-01-01-preview",
  "2022-02-01-preview",
  "2022-05-01",
  "2022-06-01-preview",
  "2022-10-01",
  "2022-10-01-preview",
  "2022-12-01-preview",
  "2023-02-01-preview",
  "2023-04-01",
  "2023-04-01-preview",
  "2023-06-01-preview",
  "2023-08-01-preview",
  "2023-10-01",
  "2024-01-01-preview",
  "2024-04-01",
  "2024-04-01-preview",
  "2024-07-01-preview",
  "2024-10-01",
  "2024-10-01-preview",
  "2025-04-01",
  "2025-06-01",
] as const;

export const machineLearningVersions = [...v1Versions, ...v2Versions];

/** Whether a request speaks the dialect of SDK v1. */
export function isV1(apiVersion: string): boolean {
  return (v1Versions as readonly string[]).includes(apiVersion.toLowerCase());
}
