import { expect, test } from "vitest";
import { nameClass } from "./names";

test("names of usual length are set as they are, long and unbroken ones keep room and may break", () => {
  expect(nameClass("Ready, and the levee raised")).toBe("");
  expect(nameClass("有备方案加堤防加高")).toBe("");
  expect(nameClass("滨江新城东片区综合更新与韧性提升及近零碳示范规划实施方案")).toBe(" long-name");
  expect(nameClass("Unbreakable".repeat(8))).toBe(" long-name");
  expect(nameClass("<img src=x onerror=document.title=document.cookie>")).toBe(" long-name");
});
