import { beforeEach, expect, test, vi } from "vitest";
import { add, checked, load, save, set, settings } from "./state";

const asked: { method: string; path: string; body: any; answer: (body: unknown) => Promise<void> }[] = [];
const settled = () => new Promise((later) => setTimeout(later));
const file = (version: number) => ({ version, digest: `d${version}`, text: "", content: {}, fields: {}, troubles: [], written: [] });

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal("fetch", (path: string, options: RequestInit) => new Promise<Response>((resolve) => {
    asked.push({ method: options.method!, path, body: JSON.parse(String(options.body ?? "{}")), answer: async (body) => { resolve(Response.json(body)); await settled(); } });
  }));
});

async function opened(study: string, version: number): Promise<void> {
  const at = asked.length, loading = load(study);
  for (const each of asked.slice(at)) await each.answer(each.path.endsWith("/settings") ? file(version) : null);
  await loading;
}

test("files go into the study that they were sent for, whichever is open when they have come", async () => {
  await opened("A", 1);
  await opened("B", 5);
  const at = asked.length, added = add("u", "A");
  await asked[at]!.answer(file(2));
  expect([asked[at + 1]!.path, asked[at + 1]!.body]).toEqual(["/api/studies/A/files/added", { upload: "u", version: 2, digest: "d2" }]);
  await asked[at + 1]!.answer({ entries: [] });
  await added;
  expect(settings.value?.version).toBe(5);
});

test("a check of changes to another study says nothing of this one", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const later = async (opening: Promise<void>) => { await vi.advanceTimersByTimeAsync(500); await opening; };
  await later(opened("C", 1));
  set(["study", "year"], 2030);
  await vi.advanceTimersByTimeAsync(500);
  const check = asked.at(-1)!;
  expect(check.path).toBe("/api/studies/C/settings");
  await later(opened("D", 1));
  void check.answer({ written: [{}], troubles: [] });
  await vi.advanceTimersByTimeAsync(10);
  vi.useRealTimers();
  expect(checked.value).toBe(null);
});

test("changes that are being written are not written twice", async () => {
  await opened("E", 1);
  set(["study", "year"], 2031);
  const at = asked.length, both = [save(), save()];
  await settled();
  await asked[at]!.answer(file(2));
  for (let next = at + 1; next < asked.length; next += 1) await asked[next]!.answer(asked[next]!.path.endsWith("/settings") ? file(2) : asked[next]!.path === "/api/studies" ? [] : null);
  await Promise.all(both);
  expect(asked.filter((each) => each.method === "PATCH").length).toBe(1);
});
