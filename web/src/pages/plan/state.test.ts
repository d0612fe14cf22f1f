import { beforeEach, expect, test, vi } from "vitest";
import type { Draft, Plan } from "./model";

/** A server that answers when it is told to: every request waits for its turn. */
function server() {
  const asked: { method: string; path: string; body: Record<string, unknown>; answer: (body: unknown, status?: number) => Promise<void> }[] = [];
  vi.stubGlobal("fetch", (path: string, options: RequestInit) => new Promise<Response>((resolve) => {
    const answer = async (body: unknown, status = 200) => { resolve(Response.json(body, { status })); await new Promise((later) => setTimeout(later)); };
    asked.push({ method: options.method ?? "GET", path, body: options.body ? JSON.parse(String(options.body)) : {}, answer });
  }));
  return asked;
}

const draft = (id: string, version: number): Draft => ({ id, name: id, title: {}, base: "plan", version, changed: "", parcels: {}, placed: [], removed: [], log: [], counting: [], undone: [] });
const settled = () => new Promise((later) => setTimeout(later));
let state: typeof import("./state");

beforeEach(async () => {
  vi.resetModules();
  vi.stubGlobal("location", { hash: "#/study/S/plan" });
  vi.stubGlobal("history", { replaceState: () => undefined });
  vi.stubGlobal("addEventListener", () => undefined);
  const session = await import("../../lib/session");
  session.studies.value = [{ id: "S" } as never];
  state = await import("./state");
  state.plan.value = { version: 3 } as Plan;
  state.draft.value = draft("A", 0);
});

test("what is written into the study is what was sent before it", async () => {
  const asked = server();
  const kept = state.send({ kind: "undo" }), written = state.write(false);
  await settled();
  expect(asked.map((each) => each.path)).toEqual(["/api/studies/S/drafts/A/entries"]);
  await asked[0]!.answer(draft("A", 1));
  expect(await kept).toBe(true);
  await settled();
  expect(asked[1]!.path).toBe("/api/studies/S/drafts/A/alternative");
  written.catch(() => undefined);
});

test("a change is kept in the draft that it was made in, also where another is opened before it is sent", async () => {
  const asked = server();
  void state.send({ kind: "undo" });
  void state.send({ kind: "redo" });
  await settled();
  state.draft.value = draft("B", 7);
  await asked[0]!.answer(draft("A", 1));
  await settled();
  expect([asked[1]!.method, asked[1]!.path]).toEqual(["GET", "/api/studies/S/drafts/A"]);
  await asked[1]!.answer(draft("A", 1));
  await settled();
  expect([asked[2]!.path, asked[2]!.body]).toEqual(["/api/studies/S/drafts/A/entries", { version: 1, turn: { kind: "redo" } }]);
  expect(state.draft.value?.id).toBe("B");
});

test("of two drafts that are opened the later one is shown, whichever comes first", async () => {
  const asked = server();
  void state.open("B");
  void state.open("C");
  await asked[1]!.answer(draft("C", 0));
  await asked[0]!.answer(draft("B", 0));
  await settled();
  expect(state.draft.value?.id).toBe("C");
});

test("changes wait while it is asked whether one that others stand against counts", async () => {
  const asked = server();
  const mine = { kind: "remove" as const, placement: "p" };
  void state.send(mine);
  const later = state.send({ kind: "undo" });
  await settled();
  await asked[0]!.answer({ error: "web.plan.behind", said: {}, version: 2, fits: false, meanwhile: [] }, 409);
  await settled();
  expect([asked.length, state.clash.value?.entry]).toEqual([1, mine]);
  state.clash.value!.settle(false);
  await settled();
  await asked[1]!.answer(draft("A", 2));
  await settled();
  expect(state.clash.value).toBe(null);
  expect(asked[2]!.body).toEqual({ version: 2, turn: { kind: "undo" } });
  await asked[2]!.answer(draft("A", 3));
  expect(await later).toBe(true);
  expect(state.draft.value?.version).toBe(3);
});

test("a change that does not reach the server waits, is told as not saved, and goes before the next", async () => {
  const asked = server();
  const one = { kind: "remove" as const, placement: "p" }, two = { kind: "remove" as const, placement: "q" };
  const first = state.send(one);
  await settled();
  await asked[0]!.answer({ error: "web.no_session", said: {} }, 401);
  await settled();
  expect(state.unsent.value.map((each) => each.entry)).toEqual([one]);
  const second = state.send(two);
  await settled();
  expect(asked[1]!.body).toEqual({ version: 0, change: one });
  await asked[1]!.answer(draft("A", 1));
  await settled();
  expect(asked[2]!.body).toEqual({ version: 1, change: two });
  await asked[2]!.answer(draft("A", 2));
  expect([await first, await second, state.unsent.value.length]).toEqual([true, true, 0]);
});

test("what is not saved is not written into the study", async () => {
  const asked = server();
  void state.send({ kind: "remove", placement: "p" });
  await settled();
  await asked[0]!.answer({}, 503);
  await settled();
  const written = state.write(false);
  await settled();
  await asked[1]!.answer({}, 503);
  await written;
  expect(asked.length).toBe(2);
  expect(state.unsent.value.length).toBe(1);
});

test("a change that the server refuses for good is told and given up", async () => {
  const asked = server();
  const kept = state.send({ kind: "remove", placement: "p" });
  await settled();
  await asked[0]!.answer({ error: "web.plan.wrong", said: {} }, 422);
  expect([await kept, state.unsent.value.length]).toEqual([false, 0]);
});

test("a draft that is gone is told once, by whichever answer or look finds out", async () => {
  const asked = server();
  const { Refusal } = await import("../../lib/api"), { messages } = await import("../../lib/messages");
  const session = await import("../../lib/session");
  session.studies.value = [{ id: "S", version: 3 } as never];
  const look = state.refresh();
  state.tellOfDraft(new Refusal(404, "web.plan.no_draft", { en: "There is no such draft in this study" }));
  await settled();
  expect(asked.map((each) => each.path)).toEqual(["/api/studies/S/drafts", "/api/studies/S/drafts"]);
  await asked[0]!.answer([]);
  await asked[1]!.answer([]);
  await look;
  await settled();
  expect(messages.value.length).toBe(1);
  expect(state.draft.value).toBe(null);
});

test("what is written is the draft that was open when that was asked for, and nothing of it is shown on another page", async () => {
  const asked = server();
  const kept = state.send({ kind: "undo" }), written = state.write(false);
  await settled();
  state.draft.value = draft("B", 7);
  location.hash = "#/study/S/results";
  state.plan.value = null;
  await asked[0]!.answer(draft("A", 1));
  await kept;
  await settled();
  expect(asked[1]!.path).toBe("/api/studies/S/drafts/A/alternative");
  await asked[1]!.answer({ alternative: "a", version: 4 });
  await asked[2]!.answer([{ id: "S" }]);
  await asked[3]!.answer({ version: 4, parcels: [] });
  expect(await written).toBe(true);
  expect(state.plan.value).toBe(null);
});

test("a draft that is opened late opens nothing on the page that was gone to", async () => {
  const asked = server(), set: string[] = [];
  vi.stubGlobal("history", { replaceState: (_: null, __: string, hash: string) => { set.push(hash); } });
  const opened = state.open("B");
  location.hash = "#/study/S/results";
  await asked[0]!.answer(draft("B", 0));
  await opened;
  expect([set, state.draft.value?.id]).toEqual([[], "A"]);
});

test("a draft that is deleted here is not told as deleted elsewhere", async () => {
  const asked = server();
  const { messages } = await import("../../lib/messages");
  (await import("../../lib/session")).studies.value = [{ id: "S", version: 3 } as never];
  const deleted = state.change(() => Promise.resolve(), () => "");
  const look = state.refresh();
  await settled();
  for (const each of asked) await each.answer([]);
  await Promise.all([deleted, look]);
  expect([messages.value, asked.length, state.draft.value]).toEqual([[], 1, null]);
});
