import { render } from "preact";
import { act } from "preact/test-utils";
import { expect, test, vi } from "vitest";
import { session } from "../../lib/session";
import { HandIn } from "./view";

const later = () => new Promise((settle) => setTimeout(settle));

test("a case that was handed in stays told as a draft, with the way to its review", async () => {
  // A message went after some seconds, and the form asked for the case again.
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ name: "jiaxing", number: 2, state_said: { en: "draft", zh: "草稿" } })));
  session.value = { name: "olga", display: "Olga", admin: true, mode: "laptop", languages: [], begun: {}, version: "1" };
  location.hash = "#/study/S/case?run=001";
  await later();
  const box = document.createElement("div");
  await act(() => render(<HandIn />, box));
  expect(box.querySelector("[role=status]")!.textContent).toBe("");
  await act(async () => { box.querySelector("form")!.dispatchEvent(new Event("submit")); await later(); await later(); });
  expect(box.querySelector("[role=status] .badge")).not.toBeNull();
  expect(box.querySelector("[role=status] a")!.getAttribute("href")).toBe("#/cases?part=review");
});
