import { expect, test } from "vitest";
import { led, oneStop } from "./one_stop";

const TABLE = `<table><tbody>${["a", "b", "c"].map((id) => `<tr><td><input type="checkbox" id="${id}1"></td><td><button id="${id}2">${id}</button></td></tr>`).join("")}</tbody></table>`;
const made = (html: string): HTMLElement => {
  document.body.innerHTML = html;
  const holder = document.body.firstElementChild as HTMLElement;
  oneStop(holder);
  return holder;
};
const press = (key: string) => document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const stops = (holder: HTMLElement) => [...holder.querySelectorAll<HTMLElement>("input, button, a, summary, select")].filter((each) => each.tabIndex >= 0).map((each) => each.id);

test("a table is one stop, and its rows are reached by arrow keys", () => {
  const holder = made(TABLE);
  expect(stops(holder)).toEqual(["a1"]);
  document.getElementById("a1")!.focus();
  for (const [key, id] of [["ArrowDown", "b1"], ["ArrowRight", "b2"], ["ArrowRight", "b2"], ["ArrowDown", "c2"], ["ArrowDown", "c2"], ["Home", "a2"], ["ArrowLeft", "a1"], ["End", "c1"], ["PageUp", "a1"]]) {
    press(key!);
    expect(document.activeElement!.id).toBe(id);
    expect(stops(holder)).toEqual([id]);
  }
});

test("rows that come later are not stops of their own, and one that goes hands its stop on", async () => {
  const holder = made(TABLE);
  holder.querySelector("tbody")!.insertAdjacentHTML("beforeend", `<tr><td><button id="d1">d</button></td></tr>`);
  await new Promise((done) => setTimeout(done));
  expect(stops(holder)).toEqual(["a1"]);
  holder.querySelector("tr")!.remove();
  await new Promise((done) => setTimeout(done));
  expect(stops(holder)).toEqual(["b1"]);
});

test("fields, forms and what a closed part holds keep their own stops", () => {
  const holder = made(`<ul><li><details><summary id="s">s</summary><button id="hidden">x</button><form><button id="own">y</button></form></details></li><li><a href="#1" id="l">l</a><select id="choice"></select></li></ul>`);
  expect(stops(holder)).toEqual(["s", "hidden", "own", "choice"]);
  expect(led([[document.getElementById("s")!]], document.getElementById("choice")!, "ArrowDown")).toBeUndefined();
});
