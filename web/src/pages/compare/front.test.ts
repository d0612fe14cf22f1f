import { expect, test } from "vitest";
import { nearest } from "./front";

test("a click on points that cover each other takes the one whose middle is nearest", () => {
  const dots = [{ at: 0, x: 10, y: 10 }, { at: 1, x: 14, y: 10 }, { at: 2, x: 50, y: 50 }];
  expect([nearest(dots, 11, 10), nearest(dots, 13, 11), nearest(dots, 40, 40), nearest([], 1, 1)]).toEqual([0, 1, 2, undefined]);
});
