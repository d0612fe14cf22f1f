import { afterEach, expect, test, vi } from "vitest";
import { api, gate, Refusal } from "./api";

const answer = (status: number, body: unknown) => Promise.resolve(new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } }));
afterEach(() => { gate.ended = null; vi.unstubAllGlobals(); });

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
