import { expect, test } from "vitest";
import { area, distance, length, pixel, roundLength, type Place } from "./geodesy";
import { coordinates } from "./coordinates";
import { colours } from "./drawing";

// Expected numbers of distances and areas: pyproj 3.7 (Karney 2013), Geod(ellps="WGS84").

test("distances are those of the ellipsoid", () => {
  expect(distance([120.75, 30.76], [120.8, 30.7])).toBeCloseTo(8196.247028, 4);
  expect(distance([11.97, 57.7], [12.02, 57.69])).toBeCloseTo(3182.947431, 4);
  expect(distance([0, 0], [1, 0])).toBeCloseTo(111319.490793, 4);
  expect(distance([3, 4], [3, 4])).toBe(0);
  expect(length([[0, 0], [1, 0], [0, 0]])).toBeCloseTo(2 * 111319.490793, 3);
  expect(length([[0, 0]])).toBe(0);
});

test("areas are those of the ellipsoid to a ten-thousandth", () => {
  const east: Place[] = [[120.75, 30.7], [120.8, 30.7], [120.79, 30.76], [120.74, 30.75]];
  expect(area(east) / 29730758.66).toBeCloseTo(1, 4);
  expect(area([...east].reverse())).toBeCloseTo(area(east), 3);
  expect(area([[11.97, 57.69], [12, 57.69], [12, 57.7], [11.97, 57.7]]) / 1992499.04).toBeCloseTo(1, 4);
});

test("scale bars are round and never longer than there is room", () => {
  expect([999, 1000, 4999, 0.7, 21].map(roundLength)).toEqual([500, 1000, 2000, 0.5, 20]);
  expect(pixel(0, 0)).toBeCloseTo(40075016.69 / 512, 0);
});

test("coordinates are read, other texts are names", () => {
  expect(coordinates("120.75, 30.76")).toEqual([120.75, 30.76]);
  expect(coordinates("120.75，30.76")).toEqual([120.75, 30.76]);
  expect([coordinates("P003"), coordinates("200, 30"), coordinates("1"), coordinates(""), coordinates("1 2 3")]).toEqual([null, null, null, null, null]);
});

test("a row has the colour of its class, none without one", () => {
  expect(JSON.stringify(colours([0, 255, 1], ["#111111", "#222222"]))).toBe('["match",["at",["get","n"],["literal",[0,255,1]]],0,"#111111",1,"#222222","rgba(0,0,0,0)"]');
});
