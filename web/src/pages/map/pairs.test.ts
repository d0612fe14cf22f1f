import { expect, test } from "vitest";
import { paired } from "./pairs";

const value = (name: string, text: string, title = name) => ({ name, title: { en: title }, text });

test("what both maps tell of a place stands in one line", () => {
  const lines = paired([value("depth", "0.3 m")], [value("depth", "0.1 m")]);
  expect(lines.map((each) => [each.here?.text, each.there?.text])).toEqual([["0.3 m", "0.1 m"]]);
});

test("what one map alone tells keeps its line, and events of a quantity are not mixed", () => {
  const lines = paired([value("depth", "0.3 m", "depth, 5 years"), value("use", "0804")], [value("depth", "0.9 m", "depth, 50 years"), value("use", "1401")]);
  expect(lines.map((each) => [each.here?.text, each.there?.text])).toEqual([["0.3 m", undefined], ["0804", "1401"], [undefined, "0.9 m"]]);
});
