import { render } from "preact";
import { act } from "preact/test-utils";
import { expect, test, vi } from "vitest";
import { Entry } from "./view";

const later = () => new Promise((settle) => setTimeout(settle));

/** Log in on a page whose studies come when it is told to; what this returns makes them come. */
async function entering(): Promise<() => Promise<void>> {
  let studies = () => {};
  vi.stubGlobal("fetch", (path: string) => new Promise<Response>((resolve) => {
    const answer = (body: unknown) => resolve(Response.json(body));
    if (path === "/api/studies") studies = () => answer([]);
    else answer(path === "/api/door" ? { mode: "team", provider: false } : { name: "victor", display: "Victor", admin: false, mode: "team", languages: [], begun: {}, version: "1" });
  }));
  const box = document.createElement("div");
  await act(() => render(<Entry />, box));
  await act(async () => { box.querySelector("form")!.dispatchEvent(new Event("submit")); await later(); await later(); });
  return async () => { await act(async () => { studies(); await later(); await later(); }); };
}

test("a login leads to the studies", async () => {
  location.hash = "#/login";
  await later();
  const come = await entering();
  await come();
  expect(location.hash).toBe("#/start");
});

test("a login that is finished late does not bring back who has gone on to a page", async () => {
  location.hash = "#/login";
  await later();
  const come = await entering();
  location.hash = "#/study/S/results";
  await come();
  expect(location.hash).toBe("#/study/S/results");
});
