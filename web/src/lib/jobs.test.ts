import { afterEach, expect, test, vi } from "vitest";
import { follow, newRequest, stageName, type Job } from "./jobs";

afterEach(() => vi.unstubAllGlobals());
const job = (progress: Job["progress"]): Job => ({ id: "", kind: "run", study: "", user: "", options: {}, request: "", state: "running", submitted: "", started: null, ended: null, attempts: 1, ahead: 0, cancel: false, progress, result: {}, error: {} });

test("a stage is called by its name, else by the alternative's title, else by its id", () => {
  const titles = { plan: { en: "Plan", zh: "方案" } };
  expect(stageName(job({ stage: "intake", said: { en: "Intake", zh: "读取" } }), titles)).toBe("Intake");
  expect(stageName(job({ stage: "plan", said: {} }), titles)).toBe("Plan");
  expect(stageName(job({ stage: "other" }), titles)).toBe("other");
  expect(stageName(job({ stage: "ensemble plan", said: { en: "Ensemble", zh: "集合" }, of: "plan" }), titles)).toBe("Ensemble · Plan");
  expect(stageName(job({}), titles)).toBe("");
});

test("requests have names of their own that the server takes", () => {
  const made = new Set(Array.from({ length: 50 }, newRequest));
  expect(made.size).toBe(50);
  expect([...made].every((each) => /^[0-9a-f]{32}$/.test(each))).toBe(true);
});

test("a job is followed over failures of a busy server, and given up where it is refused", async () => {
  const answers = [new Response("", { status: 503 }), null, Response.json({ ...job({}), state: "done" })];
  vi.stubGlobal("fetch", async () => { const next = answers.shift(); if (!next) throw new TypeError("network"); return next; });
  const told: string[] = [];
  const last = await follow(job({}), (each) => told.push(each.state), new AbortController().signal, 1);
  expect([last.state, told]).toEqual(["done", ["running", "running", "running", "done"]]);
  vi.stubGlobal("fetch", async () => Response.json({ error: "web.gone", said: {} }, { status: 404 }));
  await expect(follow(job({}), () => undefined, new AbortController().signal, 1)).rejects.toThrow("web.gone");
});
