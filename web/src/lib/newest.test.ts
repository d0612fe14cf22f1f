import { afterEach, expect, test, vi } from "vitest";
import { turns } from "./newest";
import { language, speak } from "./texts";

afterEach(() => vi.unstubAllGlobals());

test("of several questions the one that was asked last counts", () => {
  const begin = turns(), first = begin(), second = begin();
  expect([first(), second()]).toEqual([false, true]);
});

test("of two languages that are chosen the later one is spoken, whichever comes first", async () => {
  const answers: Record<string, () => void> = {};
  vi.stubGlobal("fetch", (path: string) => new Promise((settle) => { answers[path] = () => settle(Response.json({ "web.x": path })); }));
  const both = [speak("zh"), speak("en")];
  answers["/api/texts/en"]!();
  await both[1];
  answers["/api/texts/zh"]!();
  await both[0];
  expect(language.value).toBe("en");
});
