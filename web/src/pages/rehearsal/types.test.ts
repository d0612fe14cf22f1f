import { expect, test } from "vitest";
import { at, clock, closed, ends, shown, turned, type Street } from "./types";

const course = { id: "a", title: {}, unit: {}, hours: [0, 1, 2], values: [5, null, 7], after: false, digits: null };
const street = (closed_from: number | null, closed_until: number | null): Street => ({ name: {}, line: [], closed_from, closed_until });

test("a figure holds until the next time, and is unknown before the first", () => {
  expect([at(course, -1), at(course, 0), at(course, 0.9), at(course, 1.5), at(course, 9)]).toEqual([null, 5, 5, null, 7]);
});

test("a street is closed from when to when, or to the end", () => {
  expect([closed(street(1, 2), 0.5), closed(street(1, 2), 1), closed(street(1, 2), 2), closed(street(1, null), 99), closed(street(null, null), 1)]).toEqual([false, true, false, true, false]);
});

test("hours are told as on a clock", () => {
  expect([clock(0), clock(1.5), clock(-0.25), clock(26)]).toEqual(["0:00", "1:30", "−0:15", "26:00"]);
});

test("a rehearsal opens at its peak unless an hour is asked for", () => {
  const told = { hours: [0, 1, 2, 3], peak: { step: 2, course: "flooded_area", last: false } };
  expect([null, "", "0", "3", "99", "-1", "x"].map((asked) => shown(asked, told))).toEqual([2, 2, 0, 3, 3, 0, 2]);
  expect(shown(null, { ...told, peak: null })).toBe(0);
});

test("another alternative plays in the same event, where it has it", () => {
  const told = { event: "p5", events_of: { a: ["p5", "p50"], b: ["p50"] } };
  expect([turned(told, "a"), turned(told, "b")]).toEqual([{ alternative: "a", event: "p5", hour: "" }, { alternative: "b", event: "", hour: "" }]);
});

test("the timeline holds every hour that is played, though all of its phases end before", () => {
  const span = { phase: "prepare", what: {}, start: -1.5, end: -0.5, open: false };
  expect(ends({ hours: [0, 7, 24], spans: [span] })).toEqual([-1.5, 24]);
  expect(ends({ hours: [0, 7], spans: [{ ...span, end: 720 }] })).toEqual([-1.5, 720]);
});
