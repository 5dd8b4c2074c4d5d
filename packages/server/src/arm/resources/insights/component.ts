// Application Insights components, as far as an Azure Machine Learning workspace refers to one. No
// telemetry is taken in.

import { defineResource } from "@callosum/contract/resource.ts";
import { Type } from "typebox";

export const component = defineResource({
  type: "Microsoft.Insights/components",
  source: "templates/prereq-constructs.md; public documentation of components",
  summary: "An Application Insights component that workspaces refer to",
  apiVersions: ["2015-05-01", "2018-05-01-preview", "2020-02-02-preview", "2020-02-02"],
  name: {
    pattern: /^[^%&\\?/]{0,259}[^%&\\?/.\s]$/,
    rule: "A component's name has 1 to 260 characters without %, &, \\, ? and /, and does not end with a space or dot.",
  },
  location: "required",
  tags: true,
  kind: true,
  properties: Type.Object({
    Application_Type: Type.Optional(Type.Enum(["web", "other"], { default: "web" })),
    Flow_Type: Type.Optional(Type.String()),
    Request_Source: Type.Optional(Type.String()),
    RetentionInDays: Type.Optional(Type.Enum([30, 60, 90, 120, 180, 270, 365, 550, 730])),
    SamplingPercentage: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100 })),
    WorkspaceResourceId: Type.Optional(Type.String({ pattern: "^/subscriptions/" })),
    IngestionMode: Type.Optional(
      Type.Enum([
        "ApplicationInsights",
        "ApplicationInsightsWithDiagnosticSettings",
        "LogAnalytics",
      ]),
    ),
    DisableIpMasking: Type.Optional(Type.Boolean()),
    DisableLocalAuth: Type.Optional(Type.Boolean()),
    publicNetworkAccessForIngestion: Type.Optional(
      Type.Enum(["Enabled", "Disabled"], { default: "Enabled" }),
    ),
    publicNetworkAccessForQuery: Type.Optional(
      Type.Enum(["Enabled", "Disabled"], { default: "Enabled" }),
    ),
  }),
  answers: { create: { status: 200 }, update: { status: 200 }, remove: { status: 200 } },
  put({ ctx, sent, existing }) {
    const own = existing?.properties ?? {
      AppId: ctx.random.guid(),
      InstrumentationKey: ctx.random.guid(),
      CreationDate: ctx.clock.now().toISOString(),
    };
    const { AppId, InstrumentationKey, CreationDate } = own;
    return {
      ...sent.properties,
      AppId,
      ApplicationId: ctx.id.name,
      InstrumentationKey,
      ConnectionString: `InstrumentationKey=${InstrumentationKey};ApplicationId=${AppId}`,
      CreationDate,
      Name: ctx.id.name,
      TenantId: ctx.id.subscriptionId,
      provisioningState: "Succeeded",
    };
  },
  examples: [
    {
      name: "component",
      location: "westeurope",
      kind: "web",
      properties: { Application_Type: "web" },
    },
  ],
});
