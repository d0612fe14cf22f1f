import { expect, test } from "vitest";
import { amount, filled, language, moment, needed, number, preferred, withUnit } from "./texts";
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

test("what stands before a colon and what after it have the colon of the language", () => {
  // A case packed in Chinese had "坐标: 精确" beside "已附输入：13 / 13".
  const written = import.meta.glob<string>("../**/*.tsx", { query: "?raw", import: "default", eager: true });
  const colons = Object.entries(written).filter(([, text]) => /(t\([^)]*\)|said\([^)]*\))\}(<\/[a-z]+>)?: [\w{$]/.test(text)).map(([name]) => name);
  expect(Object.keys(written).length).toBeGreaterThan(50);
  expect(colons).toEqual([]);
});

test("amounts follow the report's rule of digits", () => {
  language.value = "en";
  expect([amount(12345.6, 2), amount(999.996, 2), amount(999.4, 1), amount(0.81, 2), amount(1.5, 2), amount(0, 2), amount(-0.004, 2)]).toEqual(["12,346", "1,000", "999.4", "0.81", "1.50", "0", "0.00"]);
  expect([amount(0.012374, null), amount(113.84, null), amount(null, 1), amount(-2.4, 1)]).toEqual(["0.01237", "113.8", "–", "−2.4"]);
  expect([needed([1, 1.2, 2.25]), needed([2, null, 3]), needed([])]).toEqual([2, 0, 0]);
});

test("a page begins in the first of the browser's languages in which all is written", () => {
  expect([["zh-TW", "en"], ["en-GB", "zh"], ["th-TH", "zh-CN", "en"], ["id"], ["ID-id", "EN-us"], []].map(preferred)).toEqual(["zh", "en", "zh", "en", "en", "en"]);
});

test("a unit stands between the signs of its title's language", () => {
  expect([withUnit("人口（现状）", "人"), withUnit("People", "ha"), withUnit("人口", ""), withUnit("", "m")]).toEqual(["人口（现状）（人）", "People (ha)", "人口", " (m)"]);
});
