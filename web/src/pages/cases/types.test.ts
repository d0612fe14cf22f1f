import { expect, test } from "vitest";
import { catalogueAt, ticked, turned } from "./types";

test("words and ticks of the address become the catalogue's", () => {
  expect(catalogueAt(new URLSearchParams())).toBe("/api/cases");
  expect(catalogueAt(new URLSearchParams({ words: "内涝 heat", only: "form:new_town~form:village~cost:CNY-5~other:x" }))).toBe("/api/cases?words=%E5%86%85%E6%B6%9D+heat&form=new_town&form=village&cost=CNY-5");
});

test("a tick is turned on and off again", () => {
  const on = turned(new URLSearchParams(), "climate", "hot: humid");
  expect(ticked(new URLSearchParams({ only: on }))).toEqual([{ facet: "climate", value: "hot: humid" }]);
  expect(turned(new URLSearchParams({ only: on }), "climate", "hot: humid")).toBe("");
});
