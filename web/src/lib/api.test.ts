import { afterEach, expect, test, vi } from "vitest";
import { api, gate, Refusal } from "./api";
import { messages, tellError } from "./messages";

const answer = (status: number, body: unknown) => Promise.resolve(new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } }));
afterEach(() => { gate.ended = null; location.hash = ""; vi.unstubAllGlobals(); });

test("a request whose session has ended waits for the next login and is sent again as it was", async () => {
  const sent: unknown[] = [];
  let logged = false;
  vi.stubGlobal("fetch", (_: string, options: RequestInit) => { sent.push(options.body); return logged ? answer(200, { saved: true }) : answer(401, { error: "web.not_logged_in", said: {} }); });
  let enter = () => {};
  gate.ended = () => new Promise<void>((settle) => { enter = () => { logged = true; settle(); }; });
  const saving = api.put<{ saved: boolean }>("/api/x", { typed: "words" });
  await vi.waitFor(() => expect(sent.length).toBe(1));
  await new Promise((settle) => setTimeout(settle, 5));
  enter();
  expect(await saving).toEqual({ saved: true });
  expect(sent).toEqual(['{"typed":"words"}', '{"typed":"words"}']);
});

test("a wrong password, and a session asked for at the start, are told at once", async () => {
  gate.ended = () => { throw new Error("waited"); };
  vi.stubGlobal("fetch", (path: string) => answer(401, { error: path === "/api/session" ? "web.not_logged_in" : "web.wrong_present", said: {} }));
  for (const path of ["/api/session", "/api/password"]) await expect(api.get(path)).rejects.toBeInstanceOf(Refusal);
});

test("a refusal that comes after the next login asks for no other one: the request is sent again", async () => {
  const refusals: (() => void)[] = [];
  vi.stubGlobal("fetch", () => (refusals.length ? answer(200, { found: true }) : new Promise((settle) => { refusals.push(() => settle(answer(401, { error: "web.not_logged_in", said: {} }))); })));
  gate.ended = () => { throw new Error("asked to log in again"); };
  const asked = api.get("/api/x");
  gate.logins += 1;
  refusals[0]!();
  expect(await asked).toEqual({ found: true });
});

test("what a page that has been left asked for and did not get is told nobody; what was to be done and was not is told", async () => {
  const answers: (() => void)[] = [];
  vi.stubGlobal("fetch", (path: string) => new Promise((settle) => { answers.push(() => settle(answer(500, { error: "web.defect", said: { en: path } }))); }));
  const both = [api.get("/api/read").catch(tellError), api.post("/api/write").catch(tellError)];
  location.hash = "#/study/S/results";
  for (const each of answers) each();
  await Promise.all(both);
  expect(messages.value.map((each) => each.words())).toEqual(["/api/write"]);
});
