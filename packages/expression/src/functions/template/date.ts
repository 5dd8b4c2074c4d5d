// The date chapter of the template functions.
import { formatTimestamp } from "../../date/format.ts";
import { parseTimestamp } from "../../date/parse.ts";
import { addTicks, fromDate, ticksPerSecond, unixEpochTicks } from "../../date/timestamp.ts";
import { ExpressionError } from "../../error.ts";
import { abbreviate, defineFunction, type FunctionDefinition } from "../../function.ts";
import { integer } from "../../value.ts";

const chapter = "date";
const source = "ARM template functions, Date";
const cost = 5;
const isoFormat = "yyyy-MM-ddTHH:mm:ssZ";

export const dateFunctions: readonly FunctionDefinition[] = [
  defineFunction({
    name: "dateTimeAdd",
    chapter,
    signature: "(base: string, duration: string, format?: string): string",
    source,
    cost,
    examples: [
      // The document's own: a year is 365 days and a month 30, leap year or not.
      { text: "[dateTimeAdd('2023-01-01 00:00:00Z', 'P1Y')]", result: "2024-01-01T00:00:00Z" },
      { text: "[dateTimeAdd('2024-01-01 00:00:00Z', 'P1Y')]", result: "2024-12-31T00:00:00Z" },
      { text: "[dateTimeAdd('2023-02-01 00:00:00Z', 'P1M')]", result: "2023-03-03T00:00:00Z" },
      { text: "[dateTimeAdd('2020-04-07 14:53:14Z', '-P9D')]", result: "2020-03-29T14:53:14Z" },
      {
        text: "[dateTimeAdd('2020-04-07 14:53:14Z', 'PT1H', 'u')]",
        result: "2020-04-07 15:53:14Z",
      },
      { text: "[dateTimeAdd(utcNow(), 'PT0.5S', 'HH:mm:ss.f')]", result: "13:00:00.5" },
      { text: "[dateTimeAdd('2020-04-07', 'P')]", fails: "ArgumentValue" },
      { text: "[dateTimeAdd('2020-04-07', 'P99999999D')]", fails: "ArgumentValue" },
    ],
    call: ([base, duration, format]) =>
      formatTimestamp(addTicks(parseTimestamp(base), durationTicks(duration)), format ?? isoFormat),
  }),
  defineFunction({
    name: "dateTimeFromEpoch",
    chapter,
    signature: "(epochSeconds: integer): string",
    source,
    cost,
    examples: [
      { text: "[dateTimeFromEpoch(1683040573)]", result: "2023-05-02T15:16:13Z" },
      { text: "[dateTimeFromEpoch(999999999999999)]", fails: "ArgumentValue" },
    ],
    call: ([epochSeconds]) => {
      const epoch = { ticks: unixEpochTicks, isUtc: true };
      return formatTimestamp(addTicks(epoch, BigInt(epochSeconds) * ticksPerSecond), isoFormat);
    },
  }),
  defineFunction({
    name: "dateTimeToEpoch",
    chapter,
    signature: "(timestamp: string): integer",
    source,
    cost,
    examples: [
      { text: "[dateTimeToEpoch('2023-05-02T15:16:13Z')]", result: 1683040573 },
      { text: "[dateTimeToEpoch('1969-12-31T23:59:59Z')]", result: -1 },
    ],
    call: ([timestamp]) =>
      integer((parseTimestamp(timestamp).ticks - unixEpochTicks) / ticksPerSecond),
  }),
  defineFunction({
    name: "utcNow",
    chapter,
    signature: "(format?: string): string",
    source,
    cost,
    examples: [
      { text: "[utcNow()]", result: "20180415T130000Z" },
      { text: "[utcNow('d')]", result: "4/15/2018" },
    ],
    call: ([format], { environment }) =>
      formatTimestamp(fromDate(environment.now()), format ?? "yyyyMMddTHHmmssZ"),
  }),
];

const durationPattern = new RegExp(
  [
    String.raw`^(?<sign>-?)P(?=.)(?:(?<years>\d{1,9})Y)?(?:(?<months>\d{1,9})M)?(?:(?<days>\d{1,9})D)?`,
    String.raw`(?:T(?=.)(?:(?<hours>\d{1,9})H)?(?:(?<minutes>\d{1,9})M)?`,
    String.raw`(?:(?<seconds>\d{1,9})(?:\.(?<fraction>\d{1,7}))?S)?)?$`,
  ].join(""),
);

/** An ISO 8601 duration as XML Schema's dayTimeDuration: P1Y is 365 days, P1M 30. */
function durationTicks(text: string): bigint {
  const parts = durationPattern.exec(text)?.groups;
  if (parts === undefined) {
    throw new ExpressionError("ArgumentValue", `'${abbreviate(text)}' is no ISO 8601 duration.`);
  }
  const amount = (name: string) => BigInt(parts[name] ?? 0);
  const days = amount("years") * 365n + amount("months") * 30n + amount("days");
  const hours = days * 24n + amount("hours");
  const seconds = (hours * 60n + amount("minutes")) * 60n + amount("seconds");
  const ticks = seconds * ticksPerSecond + BigInt((parts.fraction ?? "").padEnd(7, "0"));
  return parts.sign === "-" ? -ticks : ticks;
}
