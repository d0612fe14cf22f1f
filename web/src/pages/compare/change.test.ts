import { expect, test } from "vitest";
import { difference, gain, percent, relative, same } from "./change";
import { beside, placed } from "./front";

test("a change is a share of the first value, unknown from nothing", () => {
  expect(relative(10, 8)).toBeCloseTo(-0.2);
  expect(relative(-10, -8)).toBeCloseTo(0.2);
  expect(relative(0, 5)).toBeNull();
  expect(relative(0, 0)).toBe(0);
  expect(relative(null, 5)).toBeNull();
  expect([relative(29.4, 29.5, "°C"), relative(29.4, 29.5, "℃"), relative(2, 2.1, "K")]).toEqual([null, null, expect.closeTo(0.05)]);
});

test("a change is a gain by the indicator's direction", () => {
  expect([gain("lower", 2, 1), gain("lower", 1, 2), gain("higher", 1, 2), gain("none", 1, 2), gain("lower", 1, 1)]).toEqual(["better", "worse", "better", "", ""]);
  expect(gain("lower", 13.1, 13.0913, true)).toBe("");
});

test("what only rounding sets apart is the same", () => {
  expect([same(84, 84 - 2.84e-14), same(0, 0), same(0.1 + 0.2, 0.3), same(1, 1.001), same(null, 0)]).toEqual([true, true, true, false, false]);
  expect([relative(84, 84 - 2.84e-14), gain("lower", 84, 84 - 2.84e-14)]).toEqual([0, ""]);
});

test("a difference is that of the numbers beside it", () => {
  const between = (one: [number | null, string], other: [number | null, string], scale?: number) => difference({ value: one[0], said: one[1] }, { value: other[0], said: other[1] }, scale);
  expect(between([452.64, "452.6"], [215.16, "215.2"])).toBe("−237.4");
  expect(between([1400, "1,400"], [666.4, "666"])).toBe("−734");
  expect(between([128600.4, "128,600"], [1234567, "1,234,567"])).toBe("+1,105,967");
  expect(between([0.516, "0.52"], [0.525, "0.52"])).toBe("+0.009");
  expect(between([84, "84"], [84 - 2.84e-14, "84"])).toBe("0");
  expect(between([5321, "CNY 4,217"], [null, "–"])).toBe("–");
  expect(between([0.4217, "CNY 4,217"], [53.2, "0.53"], 0.01)).toBe("+0.528");
  expect([0.5236, -0.07719, 3, 0.0004, 12.5].map(percent)).toEqual(["+52.4%", "−7.7%", "+300.0%", "+0.04%", "+1,250%"]);
});

test("points lie within the frame, and arrows go to the next one across", () => {
  const dots = placed([3, 1, 2], [0, 5, 1], { wide: 100, high: 50, edge: 10 });
  expect(dots.map((each) => each.x)).toEqual([90, 10, 50]);
  expect(dots.every((each) => each.y >= 10 && each.y <= 40)).toBe(true);
  expect(beside(dots, 1, 1)).toBe(2);
  expect(beside(dots, 2, 1)).toBe(0);
  expect(beside(dots, 0, 1)).toBe(0);
  expect(beside(dots, 1, -1)).toBe(1);
});
