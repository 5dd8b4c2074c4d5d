// The time zone functions of the date chapter (expressions.md 3). Zones have Windows names.
import { formatTimestamp } from "../../date/format.ts";
import { parseTimestamp } from "../../date/parse.ts";
import { findZone, utcToZone, zoneToUtc } from "../../date/zone.ts";
import { defineFunction, type FunctionDefinition } from "../../function.ts";

const chapter = "date";
const source = "expressions.md 3, Date";
const cost = 50;

export const timeZoneFunctions: readonly FunctionDefinition[] = [
  defineFunction({
    name: "convertFromUtc",
    chapter,
    signature: "(timestamp: string, target: string, format?: string): string",
    source,
    cost,
    examples: [
      {
        // The document prints a trailing Z here and none for convertTimeZone; a Z would be wrong.
        text: "@convertFromUtc('2018-01-01T08:00:00.0000000Z', 'Pacific Standard Time')",
        result: "2018-01-01T00:00:00.0000000",
      },
      {
        text: "@convertFromUtc('2018-01-01T08:00:00.0000000Z', 'Pacific Standard Time', 'D')",
        result: "Monday, January 1, 2018",
      },
      {
        text: "@convertFromUtc('2018-01-01T08:00:00Z', 'UTC')",
        result: "2018-01-01T08:00:00.0000000Z",
      },
      {
        text: "@convertFromUtc('2018-07-01T08:00:00Z', 'W. Europe Standard Time')",
        result: "2018-07-01T10:00:00.0000000",
      },
      { text: "@convertFromUtc('2018-01-01T08:00:00Z', 'Middle Earth')", fails: "ArgumentValue" },
    ],
    call: ([timestamp, target, format]) =>
      formatTimestamp(utcToZone(parseTimestamp(timestamp).ticks, findZone(target)), format),
  }),
  defineFunction({
    name: "convertTimeZone",
    chapter,
    signature: "(timestamp: string, source: string, target: string, format?: string): string",
    source,
    cost,
    examples: [
      {
        text: "@convertTimeZone('2018-01-01T08:00:00.0000000Z', 'UTC', 'Pacific Standard Time')",
        result: "2018-01-01T00:00:00.0000000",
      },
      {
        text: "@convertTimeZone('2018-01-01T08:00:00Z', 'UTC', 'Pacific Standard Time', 'D')",
        result: "Monday, January 1, 2018",
      },
      {
        text: "@convertTimeZone('2018-07-01T09:00:00', 'Tokyo Standard Time', 'India Standard Time')",
        result: "2018-07-01T05:30:00.0000000",
      },
    ],
    call: ([timestamp, from, target, format]) => {
      const utc = zoneToUtc(parseTimestamp(timestamp).ticks, findZone(from));
      return formatTimestamp(utcToZone(utc.ticks, findZone(target)), format);
    },
  }),
  defineFunction({
    name: "convertToUtc",
    chapter,
    signature: "(timestamp: string, source: string, format?: string): string",
    source,
    cost,
    examples: [
      {
        text: "@convertToUtc('01/01/2018 00:00:00', 'Pacific Standard Time')",
        result: "2018-01-01T08:00:00.0000000Z",
      },
      {
        text: "@convertToUtc('01/01/2018 00:00:00', 'Pacific Standard Time', 'D')",
        result: "Monday, January 1, 2018",
      },
      // 02:30 does not exist on that day; 01:30 came twice and its standard time is meant.
      {
        text: "@convertToUtc('2018-03-11T02:30:00', 'Pacific Standard Time')",
        fails: "ArgumentValue",
      },
      {
        text: "@convertToUtc('2018-11-04T01:30:00', 'Pacific Standard Time')",
        result: "2018-11-04T09:30:00.0000000Z",
      },
    ],
    call: ([timestamp, from, format]) =>
      formatTimestamp(zoneToUtc(parseTimestamp(timestamp).ticks, findZone(from)), format),
  }),
];
