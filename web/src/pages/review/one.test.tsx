import { render } from "preact";
import { act } from "preact/test-utils";
import { expect, test, vi } from "vitest";
import type { Comment } from "../../lib/comments";
import { session, studies } from "../../lib/session";
import { One } from "./one";

const later = () => new Promise((settle) => setTimeout(settle));
const COMMENT: Comment = { id: "C-1", when: "2026-01-01T00:00:00Z", author: "rita", about: "", about_said: {}, kind: "plan", text: "x", status: "open", revision: "1", replies: [], up: 0, down: 0, mine: 0 };

test("the state that was set is no longer a choice, and the choice says that it stays", async () => {
  // It was empty: the state that it named had gone from the list before the form was cleared.
  session.value = { name: "olga", display: "Olga", admin: true, mode: "laptop", languages: [], begun: {}, version: "1" };
  studies.value = [{ id: "S", runs: ["001"], role: "owner", alternatives: {} } as never];
  location.hash = "#/study/S/review?run=001";
  await later();
  const box = document.createElement("div"), closed = { ...COMMENT, status: "closed" as const };
  vi.stubGlobal("fetch", () => { render(<One comment={closed} pointed={false} />, box); return Promise.resolve(Response.json(closed)); });
  await act(() => render(<One comment={COMMENT} pointed={false} />, box));
  const choice = () => box.querySelector("select")!;
  choice().value = "closed";
  await act(() => void choice().dispatchEvent(new Event("change")));
  await act(async () => { box.querySelector("form")!.dispatchEvent(new Event("submit")); await later(); await later(); });
  expect([...choice().options].map((each) => each.value)).toEqual(["", "open", "answered"]);
  expect(choice().selectedIndex).toBe(0);
});
