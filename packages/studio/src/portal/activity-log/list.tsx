// The list of the activity log with its filters, and one event in full.

import { Dropdown, Link as FluentLink, Option } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { CodeEditor } from "../../control/code-editor.tsx";
import { Essentials } from "../../control/essentials.tsx";
import { type Column, Grid } from "../../control/grid.tsx";
import { Panel } from "../../control/panel.tsx";
import { RefreshButton } from "../../control/refresh-button.tsx";
import { type ActivityEvent, activityQuery, spans } from "./event.ts";

interface Filters {
  readonly hours: string;
  readonly status: string;
  readonly operation: string;
  readonly caller: string;
}

export function ActivityLog({ scope }: { scope: string }) {
  const [filters, setFilters] = useState<Filters>({
    hours: "6",
    status: "",
    operation: "",
    caller: "",
  });
  const [shown, setShown] = useState<ActivityEvent>();
  const { data, error, refetch } = useQuery(activityQuery(scope, filters.hours));
  const rows = useMemo(() => data?.filter((event) => fits(event, filters)), [data, filters]);
  return (
    <>
      <Grid
        label="Activity log"
        columns={columnsOf(setShown)}
        rows={rows}
        error={error}
        onRetry={() => void refetch()}
        rowKey={({ eventDataId }) => eventDataId}
        empty="Nothing was written here in this time, or the filters leave nothing."
        tools={
          <>
            <Choice
              label="Timespan"
              value={filters.hours}
              choices={spans}
              onChange={(hours) => setFilters({ ...filters, hours })}
            />
            <Choice
              label="Operation"
              value={filters.operation}
              choices={valuesOf(data, ({ operationName }) => operationName.value)}
              onChange={(operation) => setFilters({ ...filters, operation })}
            />
            <Choice
              label="Status"
              value={filters.status}
              choices={valuesOf(data, ({ status }) => status.value)}
              onChange={(status) => setFilters({ ...filters, status })}
            />
            <Choice
              label="Event initiated by"
              value={filters.caller}
              choices={valuesOf(data, ({ caller }) => caller)}
              onChange={(caller) => setFilters({ ...filters, caller })}
            />
            <RefreshButton onRefresh={refetch} />
          </>
        }
      />
      <Panel
        title={shown?.operationName.value ?? ""}
        isOpen={shown !== undefined}
        size="large"
        onClose={() => setShown(undefined)}
      >
        {shown && <Details event={shown} />}
      </Panel>
    </>
  );
}

function fits(event: ActivityEvent, { status, operation, caller }: Filters): boolean {
  return (
    (status === "" || event.status.value === status) &&
    (operation === "" || event.operationName.value === operation) &&
    (caller === "" || event.caller === caller)
  );
}

function columnsOf(open: (event: ActivityEvent) => void): readonly Column<ActivityEvent>[] {
  return [
    {
      name: "operation",
      label: "Operation name",
      width: "34%",
      text: ({ operationName }) => operationName.value,
      show: (event) => (
        <FluentLink as="button" onClick={() => open(event)}>
          {event.operationName.value}
        </FluentLink>
      ),
    },
    { name: "status", label: "Status", width: "100px", text: ({ status }) => status.value },
    {
      name: "time",
      label: "Time",
      width: "170px",
      text: ({ eventTimestamp }) => eventTimestamp,
      show: ({ eventTimestamp }) => new Date(eventTimestamp).toLocaleString(),
    },
    { name: "caller", label: "Event initiated by", text: ({ caller }) => caller },
    {
      name: "resource",
      label: "Resource",
      text: ({ resourceId }) => resourceId,
      show: ({ resourceId }) => resourceId.split("/").slice(-2).join("/"),
    },
  ];
}

function valuesOf(
  events: readonly ActivityEvent[] | undefined,
  read: (event: ActivityEvent) => string,
) {
  const values = [...new Set(events?.map(read) ?? [])].sort();
  return [{ value: "", label: "All" }, ...values.map((value) => ({ value, label: value }))];
}

function Choice({
  label,
  value,
  choices,
  onChange,
}: {
  label: string;
  value: string;
  choices: readonly { readonly value: string; readonly label: string }[];
  onChange(value: string): void;
}) {
  const chosen = choices.find((choice) => choice.value === value)?.label ?? value;
  return (
    <Dropdown
      aria-label={label}
      style={{ minWidth: 120 }}
      value={`${label}: ${chosen}`}
      selectedOptions={[value]}
      onOptionSelect={(_, { optionValue }) => onChange(optionValue ?? "")}
    >
      {choices.map((choice) => (
        <Option key={choice.value} value={choice.value} text={choice.label}>
          {choice.label}
        </Option>
      ))}
    </Dropdown>
  );
}

function Details({ event }: { event: ActivityEvent }) {
  return (
    <>
      <Essentials
        label="Summary"
        entries={[
          ["Resource", event.resourceId],
          ["Operation name", event.operationName.value],
          ["Time stamp", new Date(event.eventTimestamp).toLocaleString()],
          ["Event initiated by", event.caller],
          ["Status", `${event.status.value} (${event.subStatus.value})`],
          ["Error code", event.properties.statusCode ?? ""],
          ["Message", event.properties.statusMessage ?? ""],
          ["Correlation ID", event.correlationId],
        ]}
      />
      <h3>JSON</h3>
      <CodeEditor
        label="JSON of the event"
        language="json"
        isReadOnly
        height="45vh"
        value={JSON.stringify(event, null, 2)}
      />
    </>
  );
}
