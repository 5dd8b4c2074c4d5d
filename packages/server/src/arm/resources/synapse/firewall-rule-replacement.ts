// `replaceAllIpFirewallRules`: the workspace's rules become those of the body, all at once.

import { fail } from "@callosum/contract/error-catalogue.ts";
import { defineAction } from "@callosum/contract/resource.ts";
import { childId } from "@callosum/contract/resource-id.ts";
import { Type } from "typebox";
import { startedBoth } from "./answer.ts";
import { FirewallRange, firewallRule, ruleProperties } from "./firewall-rule.ts";

export const replaceAllFirewallRules = defineAction({
  source: "OpenAPI synapse 2021-06-01, IpFirewallRules_ReplaceAll",
  summary: "Replaces all firewall rules",
  body: Type.Object({
    ipFirewallRules: Type.Optional(Type.Record(Type.String(), FirewallRange)),
  }),
  answer: startedBoth,
  async run({ ctx, sent }) {
    for (const rule of await ctx.children(ctx.id.text, firewallRule.type))
      await ctx.remove(rule.id);
    for (const [name, range] of Object.entries(sent.ipFirewallRules ?? {})) {
      const { pattern, rule } = firewallRule.name;
      if (!pattern.test(name)) {
        throw fail.InvalidResourceName({ type: firewallRule.type, name, rule, target: "name" });
      }
      const id = childId(ctx.id, "firewallRules", name).text;
      const properties = ruleProperties(range);
      await ctx.put({ id, name, type: firewallRule.type, properties });
    }
    return { body: { operationId: ctx.random.guid() } };
  },
});
