// The codes of template deployments. What a template does wrong is InvalidTemplate, with the place in
// `path`; wire.ts turns the place into line and column.

import { defineErrors } from "@callosum/contract/error.ts";

const source = "protocols.md 3; public documentation of template errors";

export const refuse = defineErrors({
  InvalidTemplate: {
    status: "badRequest",
    source,
    text: (facts: { reason: string; path?: string | undefined }) =>
      `Deployment template validation failed: '${facts.reason.replace(/\.$/, "")}.'.`,
  },
  InvalidTemplateDeployment: {
    status: "badRequest",
    source,
    text: (facts: { name: string }) =>
      `The template deployment '${facts.name}' is not valid according to the validation procedure. See inner errors for details.`,
  },
  MultipleErrorsOccurred: {
    status: "badRequest",
    source,
    text: (_: object) => "Multiple error occurred: see details.",
  },
  InvalidContentLink: {
    status: "badRequest",
    source,
    text: (facts: { uri: string; reason: string }) =>
      `Unable to download deployment content from '${facts.uri}'. ${facts.reason} Please see https://aka.ms/arm-deploy for usage details.`,
  },
  InvalidDeploymentParameterValue: {
    status: "badRequest",
    source,
    text: (facts: { name: string; reason: string }) =>
      `The value of deployment parameter '${facts.name}' cannot be had: ${facts.reason}`,
  },
  InvalidDeploymentLocation: {
    status: "conflict",
    source,
    text: (facts: { name: string; given: string; existing: string }) =>
      `Invalid deployment location '${facts.given}'. The deployment '${facts.name}' already exists in location '${facts.existing}'.`,
  },
  DeploymentActive: {
    status: "conflict",
    source,
    text: (facts: { name: string; startedAt: string }) =>
      `Unable to edit or replace deployment '${facts.name}': previous deployment from '${facts.startedAt}' is still active. Please see https://aka.ms/arm-deploy for usage details.`,
  },
  DeploymentCannotBeCanceled: {
    status: "conflict",
    source,
    text: (facts: { name: string; state: string }) =>
      `The deployment '${facts.name}' cannot be canceled: its state is '${facts.state}'.`,
  },
  DeploymentNotFound: {
    status: "notFound",
    source,
    text: (facts: { name: string }) => `Deployment '${facts.name}' could not be found.`,
  },
  DeploymentOperationNotFound: {
    status: "notFound",
    source,
    text: (facts: { operationId: string }) =>
      `The deployment operation '${facts.operationId}' could not be found.`,
  },
  DeploymentOutputEvaluationFailed: {
    status: "badRequest",
    source,
    text: (facts: { outputs: string }) =>
      `Unable to evaluate template outputs: '${facts.outputs}'. Please see error details and deployment operations. Please see https://aka.ms/arm-common-errors for usage details.`,
  },
  DeploymentFailed: {
    status: "conflict",
    source,
    text: (_: object) =>
      "At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/DeployOperations for usage details.",
  },
});
