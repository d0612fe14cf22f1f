import { expect, test } from "vitest";
import { gain, relative, same } from "./change";
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

test("points lie within the frame, and arrows go to the next one across", () => {
  const dots = placed([3, 1, 2], [0, 5, 1], { wide: 100, high: 50, edge: 10 });
  expect(dots.map((each) => each.x)).toEqual([90, 10, 50]);
  expect(dots.every((each) => each.y >= 10 && each.y <= 40)).toBe(true);
  expect(beside(dots, 1, 1)).toBe(2);
  expect(beside(dots, 2, 1)).toBe(0);
  expect(beside(dots, 0, 1)).toBe(0);
  expect(beside(dots, 1, -1)).toBe(1);
});
