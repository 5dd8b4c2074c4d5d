// Errors of the scoring wizard that are no one else's.

import { defineErrors } from "@callosum/contract/error.ts";

export const failWizard = defineErrors({
  SqlError: {
    status: "badRequest",
    source: "features.md G-24: the pool answers as it would to the caller's own statement",
    text: (facts: { number: number; message: string }) => `Msg ${facts.number}: ${facts.message}`,
  },
  SqlPermissionDenied: {
    status: "forbidden",
    source: "features.md G-24",
    text: (facts: { number: number; message: string }) => `Msg ${facts.number}: ${facts.message}`,
  },
  SqlPoolPaused: {
    status: "conflict",
    source: "features.md G-24",
    text: (facts: { number: number; message: string }) => `Msg ${facts.number}: ${facts.message}`,
  },
  PoolNotFound: {
    status: "notFound",
    source: "features.md G-03, G-23: dedicated pools only",
    text: (facts: { workspace: string; name: string }) =>
      `The workspace '${facts.workspace}' has no dedicated SQL pool '${facts.name}'.`,
  },
  TableNotFound: {
    status: "notFound",
    source: "features.md G-03",
    text: (facts: { table: string; database: string }) =>
      `There is no table or view ${facts.table} in '${facts.database}' that you may read.`,
  },
  ModelTableShape: {
    status: "badRequest",
    source: "features.md G-09",
    text: (facts: { table: string; problems: string }) =>
      `The table ${facts.table} cannot keep models: ${facts.problems}. Choose another one, or a new one.`,
  },
  ModelTableNotFound: {
    status: "notFound",
    source: "features.md G-07",
    text: (facts: { table: string }) =>
      `There is no table ${facts.table} that you may read. Where there is none at all, set modelTable.create to make it.`,
  },
  MappingIncomplete: {
    status: "badRequest",
    source: "features.md G-05",
    text: (facts: { inputs: string }) => `No column is mapped to: ${facts.inputs}.`,
  },
  InvalidMapping: {
    status: "badRequest",
    source: "features.md G-05, G-06, G-17",
    text: (facts: { reason: string }) => facts.reason,
  },
  ModelNotScorable: {
    status: "badRequest",
    source: "features.md G-17",
    text: (facts: { model: string; reason: string }) =>
      `PREDICT cannot score '${facts.model}': ${facts.reason}.`,
  },
  LinkedServiceNotFound: {
    status: "notFound",
    source: "features.md G-04",
    text: (facts: { name: string }) =>
      `The workspace has no linked service '${facts.name}' of type AzureMLService.`,
  },
  LinkedServiceUnusable: {
    status: "badRequest",
    source: "features.md G-04, A-02",
    text: (facts: { name: string; reason: string }) =>
      `The linked service '${facts.name}' cannot be used: ${facts.reason}`,
  },
});
