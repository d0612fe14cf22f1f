import { expect, test, vi } from "vitest";
import { Refusal } from "./api";
import { messages, putAwayErrors, tell, tellError } from "./messages";
import { language } from "./texts";

test("a message speaks the language of the page that shows it, not of the one where it was told", () => {
  const words: Record<string, string> = { en: "done", zh: "已完成" };
  language.value = "en";
  tell("done", () => words[language.value]!);
  tellError(new Refusal(409, "clash", { en: "changed", zh: "已改动" }));
  const shown = () => messages.value.map((each) => each.words());
  expect(shown()).toEqual(["done", "changed"]);
  language.value = "zh";
  expect(shown()).toEqual(["已完成", "已改动"]);
  putAwayErrors();
  expect(shown()).toEqual(["已完成"]);
});

test("two requests that fail together tell the same error once", () => {
  messages.value = [];
  const gone = new Refusal(404, "gone", { en: "It is gone", zh: "已不存在" });
  tellError(gone);
  tellError(new Refusal(404, "gone", gone.said));
  tellError(new Refusal(409, "clash", { en: "changed", zh: "已改动" }));
  expect(messages.value.length).toBe(2);
});

test("what was done stays until the reader goes on, six seconds at least", () => {
  vi.useFakeTimers();
  messages.value = [];
  tell("done", () => "packed");
  dispatchEvent(new Event("click"));
  vi.advanceTimersByTime(60_000);
  expect(messages.value.length).toBe(1);
  dispatchEvent(new Event("keydown"));
  vi.useRealTimers();
  expect(messages.value.length).toBe(0);
});
