import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatTimestamp } from "./format.ts";
import { parseTimestamp } from "./parse.ts";
import { fromCalendar, toCalendar } from "./timestamp.ts";
import { windowsZones } from "./windows-zone.ts";
import { findZone, utcToZone } from "./zone.ts";

describe("formats of .NET, culture en-US", () => {
  const time = parseTimestamp("2009-06-05T03:04:07.0451230Z");
  const rows: [string, string][] = [
    ["d", "6/5/2009"],
    ["D", "Friday, June 5, 2009"],
    ["f", "Friday, June 5, 2009 3:04 AM"],
    ["F", "Friday, June 5, 2009 3:04:07 AM"],
    ["g", "6/5/2009 3:04 AM"],
    ["G", "6/5/2009 3:04:07 AM"],
    ["M", "June 5"],
    ["o", "2009-06-05T03:04:07.0451230Z"],
    ["r", "Fri, 05 Jun 2009 03:04:07 GMT"],
    ["s", "2009-06-05T03:04:07"],
    ["t", "3:04 AM"],
    ["T", "3:04:07 AM"],
    ["u", "2009-06-05 03:04:07Z"],
    ["Y", "June 2009"],
    ["ddd dd MMM y yy yyy yyyyy", "Fri 05 Jun 9 09 2009 02009"],
    ["h hh H HH m mm s ss t tt", "3 03 3 03 4 04 7 07 A AM"],
    ["f ff fff fffffff|FFFF|FFFFFFF", "0 04 045 0451230|0451|045123"],
    ["z zz zzz K", "+0 +00 +00:00 Z"],
    ["%d", "5"],
    ["yyyy'y' \"MM\" \\d", "2009y MM d"],
    ["yyyyMMddTHHmmssZ", "20090605T030407Z"],
  ];
  for (const [format, text] of rows) {
    it(`${format} gives ${text}`, () => assert.equal(formatTimestamp(time, format), text));
  }
  for (const format of ["x", "'open", "ffffffff", "%", "\\"]) {
    it(`${format} is refused`, () =>
      assert.throws(() => formatTimestamp(time, format), { code: "ArgumentValue" }));
  }
});

describe("timestamps", () => {
  const rows: [string, string][] = [
    ["2018-03-15", "2018-03-15T00:00:00.0000000"],
    ["2018-03-15T13:27Z", "2018-03-15T13:27:00.0000000Z"],
    ["2018-03-15 13:27:36.12345678", "2018-03-15T13:27:36.1234568"],
    ["2018-03-15T13:27:36.99999999Z", "2018-03-15T13:27:37.0000000Z"],
    ["2018-03-15T00:30:00+0530", "2018-03-14T19:00:00.0000000Z"],
    ["3/5/2018 1:02:03 PM", "2018-03-05T13:02:03.0000000"],
    ["2018/03/05 12:00 AM", "2018-03-05T00:00:00.0000000"],
    ["20190305T175318Z", "2019-03-05T17:53:18.0000000Z"],
    ["Thu, 15 Mar 2018 13:27:36 GMT", "2018-03-15T13:27:36.0000000Z"],
    ["Tuesday, January 2, 2018", "2018-01-02T00:00:00.0000000"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000Z"],
    ["9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z"],
  ];
  for (const [text, written] of rows) {
    it(`${text} is read as ${written}`, () =>
      assert.equal(formatTimestamp(parseTimestamp(text)), written));
  }
  const bad = ["2018-02-29", "2018-13-01", "13/01/2018", "2018-03-15T24:00:00Z", "0000-01-01"];
  for (const text of [...bad, "2018-03-15T1:00 XM", "", "now", "2018-03-15T13:00:00+15:00"]) {
    it(`${JSON.stringify(text)} is refused`, () =>
      assert.throws(() => parseTimestamp(text), { code: "ArgumentValue" }));
  }
  it("ticks and calendar are inverse", () => {
    for (let ticks = 0n; ticks < 3_155_378_976_000_000_000n; ticks += 7_919_000_000_000_123n) {
      assert.equal(fromCalendar(toCalendar(ticks)), ticks);
    }
  });
});

it("every Windows zone is known to this runtime", () => {
  const summer = parseTimestamp("2020-07-01T00:00:00Z").ticks;
  for (const name of windowsZones.keys()) utcToZone(summer, findZone(name));
  assert.equal(windowsZones.size, 139);
});
