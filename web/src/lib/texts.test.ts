import { expect, test } from "vitest";
import { filled } from "./texts";
import { hashOf, placeOf } from "./router";

test("placeholders are filled, nouns by number, unknown ones left", () => {
  expect(filled("{count} {count:parcel|parcels} of {all}", { count: 1 })).toBe("1 parcel of {all}");
  expect(filled("{count} {count:parcel|parcels}", { count: 2 })).toBe("2 parcels");
});

test("an address is read as it was written, also with Chinese and slashes", () => {
  const read = placeOf(hashOf({ study: "a/b 中", page: "map", query: { run: "003", at: "1,2" } }));
  expect([read.study, read.page, read.query.get("run"), read.query.get("at")]).toEqual(["a/b 中", "map", "003", "1,2"]);
});
