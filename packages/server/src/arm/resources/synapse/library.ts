// Packages uploaded to a workspace. They are uploaded through the workspace endpoint; this is the list
// that the resource manager gives.

import { defineResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";
import { synapseVersions } from "./api-version.ts";

export const library = defineResource({
  type: "Microsoft.Synapse/workspaces/libraries",
  source: "OpenAPI synapse 2021-06-01, Libraries",
  summary: "A package of a workspace",
  apiVersions: synapseVersions,
  name: { pattern: /^.{1,100}$/, rule: "A library's name is its file's." },
  location: "none",
  tags: false,
  properties: Type.Object({}),
  methods: ["get", "list"],
  answers: { create: { status: 200 }, update: { status: 200 }, remove: { status: 200 } },
  put: () => ({}),
  examples: [],
});
