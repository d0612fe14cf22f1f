import { expect, test } from "vitest";
import type { Comment } from "../../lib/comments";
import { kept } from "./kept";

const comment = (id: string, more: Partial<Comment> = {}): Comment => ({ id, when: `2026-01-0${id}`, author: "a", about: "", about_said: { en: "the whole plan" }, kind: "plan", text: "t", status: "open", revision: "", replies: [], up: 0, down: 0, mine: 0, ...more });
const NONE = { status: "", kind: "", author: "", text: "" };

test("open comments come first, the latest before others", () => {
  expect(kept([comment("1"), comment("2", { status: "closed" }), comment("3"), comment("4", { status: "answered" })], NONE).map((each) => each.id)).toEqual(["3", "1", "4", "2"]);
});

test("a search reads replies and what a comment is about", () => {
  const rows = [comment("1", { replies: [{ when: "", author: "李", text: "复核", change: "", change_said: {} }] }), comment("2", { about_said: { zh: "积水面积" } })];
  expect(kept(rows, { ...NONE, text: "复核" }).map((each) => each.id)).toEqual(["1"]);
  expect(kept(rows, { ...NONE, text: "积水" }).map((each) => each.id)).toEqual(["2"]);
  expect(kept(rows, { ...NONE, kind: "map" })).toEqual([]);
});
