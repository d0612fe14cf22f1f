import { expect, test } from "vitest";
import { regionSaid } from "./regions";
import { language } from "./texts";

test("a country goes by its name, a part of it without one by the country and its code", () => {
  language.value = "en";
  expect([regionSaid("DE"), regionSaid("DE-BY"), regionSaid("NG-LA-IKJ"), regionSaid("synthetic")]).toEqual(["Germany", "Germany (DE-BY)", "Nigeria (NG-LA-IKJ)", "synthetic"]);
  language.value = "zh";
  expect(regionSaid("DE-BY")).toBe("德国 (DE-BY)");
});
