import { expect, test } from "vitest";
import { both, moving, type Side } from "./moments";

const said = { en: "", zh: "" };
const amount = (value: number | null) => ({ value, said });
const side: Side = {
  moments: [],
  rows: [
    { quantity: "net", title: said, unit: said, alternative: "plan", values: { "2025": amount(5), "2060": amount(0) } },
    { quantity: "none", title: said, unit: said, alternative: "plan", values: { "2025": amount(0), "2060": amount(0) } },
    { quantity: "late", title: said, unit: said, alternative: "plan", values: { "2060": amount(1) } },
    { quantity: "net", title: said, unit: said, alternative: "as_is", values: { "2025": amount(5), "2060": amount(4) } },
  ],
};

test("rows have a value at both years, of the alternative alone, and are not nothing at both", () => {
  expect(both(side, "plan", "2025", "2060").map((row) => row.quantity)).toEqual(["net"]);
  expect(both(side, "as_is", "2025", "2060").map((row) => row.values["2060"]!.value)).toEqual([4]);
});

test("a course is shown of what is not nothing throughout, of the alternative alone", () => {
  expect(moving(side, "plan").map((row) => row.quantity)).toEqual(["net", "late"]);
});
