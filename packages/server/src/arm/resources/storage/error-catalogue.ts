// Errors of the storage resource provider that are its own. The data plane's are in storage/wire/.

import { defineErrors } from "@callosum/contract/error.ts";

const source = "OpenAPI storage 2023-05-01; learn.microsoft.com storage resource provider errors";

export const storageFail = defineErrors({
  StorageAccountAlreadyTaken: {
    status: "conflict",
    source,
    text: (facts: { name: string }) => `The storage account named ${facts.name} is already taken.`,
  },
  AccountPropertyIsInvalid: {
    status: "badRequest",
    source,
    text: (facts: { property: string; why: string }) =>
      `The value of account property '${facts.property}' is not valid: ${facts.why}`,
  },
  AccountPropertyCannotBeUpdated: {
    status: "badRequest",
    source,
    text: (facts: { property: string }) =>
      `The property '${facts.property}' was specified in the input, but it cannot be updated after the account is created.`,
  },
  ContainerInvalidRequest: {
    status: "badRequest",
    source,
    text: (facts: { reason: string }) => facts.reason,
  },
});
