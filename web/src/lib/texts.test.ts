import { expect, test } from "vitest";
import { filled, language, moment, number } from "./texts";
import { hashOf, placeOf } from "./router";

test("placeholders are filled, nouns by number, unknown ones left", () => {
  expect(filled("{count} {count:parcel|parcels} of {all}", { count: 1 })).toBe("1 parcel of {all}");
  expect(filled("{count} {count:parcel|parcels}", { count: 2 })).toBe("2 parcels");
});

test("an address is read as it was written, also with Chinese and slashes", () => {
  const read = placeOf(hashOf({ study: "a/b 中", page: "map", query: { run: "003", at: "1,2" } }));
  expect([read.study, read.page, read.query.get("run"), read.query.get("at")]).toEqual(["a/b 中", "map", "003", "1,2"]);
});

test("numbers and moments are written as people of the language do, years by the calendar of plans", () => {
  const written = (code: string) => { language.value = code; return [number(1234567.5, 8), moment("2026-11-29T12:00:00Z", { year: "numeric" })]; };
  expect(written("en")).toEqual(["1,234,567.5", "2026"]);
  expect(number(-7.37)).toBe("−7.37");
  expect([number(128_629.3), number(999.96, 4), number(12.345), number(0.00012345)]).toEqual(["128,629", "1,000", "12.3", "0.000123"]);
  expect(written("id")).toEqual(["1.234.567,5", "2026"]);
  expect(written("hi")).toEqual(["12,34,567.5", "2026"]);
  expect(written("fil")).toEqual(["1,234,567.5", "2026"]);
  expect(written("th")[1]).not.toContain("2569");
  expect(written("th")[1]).toContain("2026");
});
