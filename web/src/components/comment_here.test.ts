import { expect, test, vi } from "vitest";
import { placeOf } from "../lib/router";
import { aboutLink } from "./comment_here";

const lead = (about: string) => { const { page, query } = placeOf(aboutLink(about)); query.delete("run"); return [page, Object.fromEntries(query)]; };

test("what a comment is about leads to the page that shows it, by keys that this page reads", () => {
  // Links to a map, a parcel or a place opened the map as it always opens: nothing read their keys.
  expect(lead("indicator:flooded_area@as_is/W")).toEqual(["results", { indicator: "flooded_area", unit: "W" }]);
  expect(lead("indicator:flooded_area@as_is/")).toEqual(["results", { indicator: "flooded_area" }]);
  expect(lead("map:max_depth")).toEqual(["map", { layers: "max_depth" }]);
  expect(lead("parcel:P00")).toEqual(["map", { parcel: "P00" }]);
  expect(lead("place:120.75,30.76")).toEqual(["map", { place: "120.75,30.76" }]);
});

test("comments are written beside a value on every page that the review names for it", () => {
  const sources = import.meta.glob<string>("../pages/*/*.tsx", { eager: true, query: "?raw", import: "default" });
  const writing = (page: string) => Object.entries(sources).some(([path, text]) => path.startsWith(`../pages/${page}/`) && text.includes("<CommentHere"));
  expect(["map", "plan", "results"].filter((page) => !writing(page))).toEqual([]);
});

vi.stubGlobal("location", { hash: "#/study/S/review?run=001", href: "http://x/" });
