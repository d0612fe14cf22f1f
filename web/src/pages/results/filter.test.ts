import { expect, test } from "vitest";
import { filtered } from "./filter";
import { strandsOf, type Indicator } from "./types";

const row = (id: string, more: Partial<Indicator> = {}): Indicator => ({
  id, title: { en: `Title ${id}`, zh: `名称${id}` }, strand: "resilience", unit: { en: "ha", zh: "公顷" }, scale: { en: 1, zh: 1 }, direction: "lower", level: "", instrument: {}, clause: "",
  values: { as_is: { value: 1, said: { en: "1", zh: "1" }, code: `R1-${id}`, band: null, light: "verified", outside: false, state: "" } }, range: null, target: null, unsure: null, partial: [], ...more,
});

test("every word of a search must be there, in any language, id or code", () => {
  const rows = [row("flood"), row("heat")];
  expect(filtered(rows, "flood 公顷", "").map((each) => each.id)).toEqual(["flood"]);
  expect(filtered(rows, "R1-heat", "").map((each) => each.id)).toEqual(["heat"]);
  expect(filtered(rows, "nothing", "")).toEqual([]);
});

test("filters keep what is outside its range or misses its target", () => {
  const value = row("a").values["as_is"]!;
  const rows = [row("a"), row("b", { values: { as_is: { ...value, outside: true, light: "outside" } } }), row("c", { values: { as_is: { ...value, state: "red" } } })];
  expect(filtered(rows, "", "outside").map((each) => each.id)).toEqual(["b"]);
  expect(filtered(rows, "", "missed").map((each) => each.id)).toEqual(["c"]);
});

test("strands come in their order, others last", () => {
  expect(strandsOf([{ strand: "other" }, { strand: "biodiversity" }, { strand: "lowcarbon" }])).toEqual(["lowcarbon", "biodiversity", "other"]);
});
