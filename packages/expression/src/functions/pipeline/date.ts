// The date chapter of the pipeline functions (expressions.md 3). Formats: date/format.ts; the
// default is "o". A text with Z or an offset is UTC and written with Z, one without has neither.
import { formatTimestamp } from "../../date/format.ts";
import { parseTimestamp } from "../../date/parse.ts";
import {
  dayOfWeek,
  dayOfYear,
  fromDate,
  type Timestamp,
  ticksPerDay,
  ticksPerHour,
  toCalendar,
} from "../../date/timestamp.ts";
import { addUnits, negate, truncate } from "../../date/unit.ts";
import { defineFunction, type Example, type FunctionDefinition } from "../../function.ts";
import { integer, type Value } from "../../value.ts";

const chapter = "date";
const source = "expressions.md 3, Date";
const cost = 5;

/** addDays, addHours, addMinutes, addSeconds. */
function defineAdd(name: string, unit: string, examples: readonly Example[]): FunctionDefinition {
  return defineFunction({
    name,
    chapter,
    signature: "(timestamp: string, amount: integer, format?: string): string",
    source,
    cost,
    examples,
    call: ([timestamp, amount, format]) =>
      formatTimestamp(addUnits(parseTimestamp(timestamp), amount, unit), format),
  });
}

/** dayOfMonth, dayOfWeek, dayOfYear, ticks. */
function definePart(
  name: string,
  part: (time: Timestamp) => Value,
  examples: readonly Example[],
): FunctionDefinition {
  return defineFunction({
    name,
    chapter,
    signature: "(timestamp: string): integer",
    source,
    cost,
    examples,
    call: ([timestamp]) => part(parseTimestamp(timestamp)),
  });
}

/** startOfDay, startOfHour, startOfMonth. */
function defineStart(
  name: string,
  start: (time: Timestamp) => Timestamp,
  examples: readonly Example[],
): FunctionDefinition {
  return defineFunction({
    name,
    chapter,
    signature: "(timestamp: string, format?: string): string",
    source,
    cost,
    examples,
    call: ([timestamp, format]) => formatTimestamp(start(parseTimestamp(timestamp)), format),
  });
}

export const dateFunctions: readonly FunctionDefinition[] = [
  defineAdd("addDays", "Day", [
    { text: "@addDays('2018-03-15T13:00:00Z', 10)", result: "2018-03-25T13:00:00.0000000Z" },
    { text: "@addDays('2018-03-15', -1, 'yyyy-MM-dd')", result: "2018-03-14" },
    { text: "@addDays('9999-12-31T00:00:00Z', 1)", fails: "ArgumentValue" },
    { text: "@addDays('yesterday', 1)", fails: "ArgumentValue" },
  ]),
  defineAdd("addHours", "Hour", [
    { text: "@addHours('2018-03-15T00:00:00Z', 10)", result: "2018-03-15T10:00:00.0000000Z" },
  ]),
  defineAdd("addMinutes", "Minute", [
    { text: "@addMinutes('2018-03-15T00:20:00Z', -5)", result: "2018-03-15T00:15:00.0000000Z" },
  ]),
  defineAdd("addSeconds", "Second", [
    { text: "@addSeconds('2018-03-15T00:00:30Z', -5)", result: "2018-03-15T00:00:25.0000000Z" },
  ]),
  defineFunction({
    name: "addToTime",
    chapter,
    signature: "(timestamp: string, amount: integer, unit: string, format?: string): string",
    source,
    cost,
    examples: [
      {
        text: "@addToTime('2018-01-01T00:00:00Z', 1, 'Day', 'D')",
        result: "Tuesday, January 2, 2018",
      },
      {
        text: "@addToTime('2018-01-31T00:00:00Z', 1, 'Month')",
        result: "2018-02-28T00:00:00.0000000Z",
      },
      {
        text: "@addToTime('2020-02-29T00:00:00Z', -1, 'Year')",
        result: "2019-02-28T00:00:00.0000000Z",
      },
      { text: "@addToTime('2018-01-01T00:00:00Z', 1, 'Fortnight')", fails: "ArgumentValue" },
    ],
    call: ([timestamp, amount, unit, format]) =>
      formatTimestamp(addUnits(parseTimestamp(timestamp), amount, unit), format),
  }),
  definePart("dayOfMonth", (time) => toCalendar(time.ticks).day, [
    { text: "@dayOfMonth('2018-03-15T13:27:36Z')", result: 15 },
  ]),
  definePart("dayOfWeek", (time) => dayOfWeek(time.ticks), [
    // The document prints 3, but that day is a Thursday.
    { text: "@dayOfWeek('2018-03-15T13:27:36Z')", result: 4 },
    { text: "@dayOfWeek('2018-03-18')", result: 0 },
  ]),
  definePart("dayOfYear", (time) => dayOfYear(time.ticks), [
    { text: "@dayOfYear('2018-03-15T13:27:36Z')", result: 74 },
    { text: "@dayOfYear('2020-12-31')", result: 366 },
  ]),
  defineFunction({
    name: "formatDateTime",
    chapter,
    signature: "(timestamp: string, format?: string): string",
    source,
    cost,
    examples: [
      {
        text: "@formatDateTime('03/15/2018 12:00:00', 'yyyy-MM-ddTHH:mm:ss')",
        result: "2018-03-15T12:00:00",
      },
      { text: "@formatDateTime('03/15/2018')", result: "2018-03-15T00:00:00.0000000" },
      {
        text: "@formatDateTime('2018-03-15T23:30:00.1234567+02:00')",
        result: "2018-03-15T21:30:00.1234567Z",
      },
      {
        text: "@formatDateTime('2018-03-15T13:05:09Z', 'd/M/yy h:m:s tt')",
        result: "15/3/18 1:5:9 PM",
      },
      { text: "@formatDateTime('2018-03-15', 'q')", fails: "ArgumentValue" },
    ],
    call: ([timestamp, format]) => formatTimestamp(parseTimestamp(timestamp), format),
  }),
  defineFunction({
    name: "getFutureTime",
    chapter,
    signature: "(amount: integer, unit: string, format?: string): string",
    source,
    cost,
    examples: [
      {
        text: "@getFutureTime(5, 'Day')",
        now: "2018-03-01T00:00:00Z",
        result: "2018-03-06T00:00:00.0000000Z",
      },
      {
        text: "@getFutureTime(5, 'Day', 'D')",
        now: "2018-03-01T00:00:00Z",
        result: "Tuesday, March 6, 2018",
      },
    ],
    call: ([amount, unit, format], { environment }) =>
      formatTimestamp(addUnits(fromDate(environment.now()), amount, unit), format),
  }),
  defineFunction({
    name: "getPastTime",
    chapter,
    signature: "(amount: integer, unit: string, format?: string): string",
    source,
    cost,
    examples: [
      {
        text: "@getPastTime(5, 'Day')",
        now: "2018-02-01T00:00:00Z",
        result: "2018-01-27T00:00:00.0000000Z",
      },
      {
        text: "@getPastTime(5, 'Day', 'D')",
        now: "2018-02-01T00:00:00Z",
        result: "Saturday, January 27, 2018",
      },
    ],
    call: ([amount, unit, format], { environment }) =>
      formatTimestamp(addUnits(fromDate(environment.now()), negate(amount), unit), format),
  }),
  defineStart("startOfDay", (time) => truncate(time, ticksPerDay), [
    { text: "@startOfDay('2018-03-15T13:30:30Z')", result: "2018-03-15T00:00:00.0000000Z" },
  ]),
  defineStart("startOfHour", (time) => truncate(time, ticksPerHour), [
    { text: "@startOfHour('2018-03-15T13:30:30Z')", result: "2018-03-15T13:00:00.0000000Z" },
  ]),
  defineStart(
    "startOfMonth",
    (time) => {
      const day = truncate(time, ticksPerDay);
      return addUnits(day, 1 - toCalendar(day.ticks).day, "Day");
    },
    [
      { text: "@startOfMonth('2018-03-15T13:30:30Z')", result: "2018-03-01T00:00:00.0000000Z" },
      { text: "@startOfMonth('2018-03-15T13:30:30Z', 'yyyyMM')", result: "201803" },
    ],
  ),
  defineFunction({
    name: "subtractFromTime",
    chapter,
    signature: "(timestamp: string, amount: integer, unit: string, format?: string): string",
    source,
    cost,
    examples: [
      {
        text: "@subtractFromTime('2018-01-02T00:00:00Z', 1, 'Day')",
        result: "2018-01-01T00:00:00.0000000Z",
      },
      {
        text: "@subtractFromTime('2018-01-02T00:00:00Z', 1, 'Day', 'D')",
        result: "Monday, January 1, 2018",
      },
    ],
    call: ([timestamp, amount, unit, format]) =>
      formatTimestamp(addUnits(parseTimestamp(timestamp), negate(amount), unit), format),
  }),
  definePart("ticks", (time) => integer(time.ticks), [
    { text: "@string(ticks('0001-01-01T00:00:00Z'))", result: "0" },
    { text: "@string(ticks('2018-03-15T13:00:00.0000001Z'))", result: "636567156000000001" },
    {
      text: "@div(sub(ticks('2018-03-15T01:00:00Z'), ticks('2018-03-15T00:00:00Z')), 10000000)",
      result: 3600,
    },
  ]),
  defineFunction({
    name: "utcNow",
    chapter,
    signature: "(format?: string): string",
    source,
    cost,
    examples: [
      { text: "@utcNow()", result: "2018-04-15T13:00:00.0000000Z" },
      { text: "@utcnow('D')", result: "Sunday, April 15, 2018" },
    ],
    call: ([format], { environment }) => formatTimestamp(fromDate(environment.now()), format),
  }),
];
