import { expect, test } from "vitest";
import { colourOf, common, filtered, NO_USE, OTHER_USE, parcelAt, touches, usesOf, verdict, type Draft, type Parcel, type Plan, type Row } from "./model";

const row = (low: number, high: number, better: Row["better"] = "lower"): Row => ({
  scope: "area", name: "x", title: {}, unit: {}, strand: "", better, before: 10, after: (low + high) / 2, low, high, how: "predicted", target: null, decision: "", said: { before: {}, after: {}, low: {}, high: {}, target: {} },
});
const parcel = (id: string, use: string): Parcel => ({ id, unit: "W", area: 1, values: { land_use: use }, shape: { type: "Polygon", coordinates: [[[0, 0], [2, 0], [2, 2], [0, 0]]] } });

test("a value is better or worse only where its whole band is", () => {
  expect([row(8, 9), row(11, 12), row(9, 11)].map(verdict)).toEqual(["better", "worse", "open"]);
  expect(verdict(row(11, 12, "higher"))).toBe("better");
  expect(verdict(row(11, 12, "none"))).toBe("none");
  expect(verdict({ ...row(8, 9), low: null })).toBe("none");
});

test("values of several parcels are one where they agree", () => {
  expect(common([1, 1])).toEqual({ value: 1, mixed: false });
  expect(common([1, 2])).toEqual({ value: null, mixed: true });
});

test("parcels are found by every word, in id, unit or land use", () => {
  const all = [parcel("P1", "0701"), parcel("P2", "0902"), parcel("Q1", "0701")];
  expect(filtered(all, "p 07").map((each) => each.id)).toEqual(["P1"]);
  expect(filtered(all, "").length).toBe(3);
});

test("a box selects shapes that it touches", () => {
  expect(touches(parcel("P", "").shape, 1, 1, 5, 5)).toBe(true);
  expect(touches(parcel("P", "").shape, 3, 3, 5, 5)).toBe(false);
});

test("a place is in the parcel around it, not in its hole, and in the upper one of two", () => {
  const square = (from: number, to: number) => [[from, from], [to, from], [to, to], [from, to], [from, from]];
  const ring: Parcel = { ...parcel("ring", ""), shape: { type: "Polygon", coordinates: [square(0, 9), square(3, 6)] } };
  const two: Parcel = { ...parcel("two", ""), shape: { type: "MultiPolygon", coordinates: [[square(8, 12)], [square(20, 22)]] } };
  const found = (lon: number, lat: number) => parcelAt([ring, two], lon, lat)?.id;
  expect([found(1, 2), found(4, 5), found(8.5, 8.5), found(11, 9), found(21, 21), found(15, 15)]).toEqual(["ring", undefined, "two", "two", "two", undefined]);
});

test("the legend holds the uses that there are, as the draft leaves them, in the standard's colours", () => {
  const plan = { parcels: [parcel("P1", "0701"), parcel("P2", "0901"), parcel("P3", ""), parcel("P4", "0701")], land_uses: [{ code: "0701", title: {}, colour: "#ffff2d" }, { code: "0901", title: {}, colour: "#ff0000" }], alternatives: {} } as unknown as Plan;
  const draft = { base: "", parcels: { P4: { land_use: "0901" } } } as unknown as Draft;
  expect(usesOf(plan, null).map((each) => [each.code, each.colour, each.area])).toEqual([["0701", "#ffff2d", 2], ["0901", "#ff0000", 1], [null, NO_USE, 1]]);
  expect(usesOf(plan, draft).map((each) => [each.code, each.area])).toEqual([["0701", 1], ["0901", 2], [null, 1]]);
  expect(colourOf(plan, "ZZ")).toBe(OTHER_USE);
});
