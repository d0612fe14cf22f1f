import { beforeEach, expect, test, vi } from "vitest";

/** A browser whose event of a changed address comes when it is told to, as the real one's comes a task later. */
const address = { hash: "" };
let router: typeof import("./router"), arrive: () => void, history: string[];

beforeEach(async () => {
  vi.resetModules();
  history = [];
  address.hash = "#/study/S/plan?parcels=P00&draft=A";
  vi.stubGlobal("location", address);
  vi.stubGlobal("history", { replaceState: (_: null, __: string, hash: string) => { address.hash = hash; }, pushState: (_: null, __: string, hash: string) => { history.push(hash); } });
  vi.stubGlobal("addEventListener", (_: string, told: () => void) => { arrive = told; });
  router = await import("./router");
});

test("keys of the query are set where the reader is", () => {
  router.setQuery({ draft: "", run: "002" });
  expect(address.hash).toBe("#/study/S/plan?parcels=P00&run=002");
  expect(router.place.value.query.get("run")).toBe("002");
});

test("a late answer to a page that is being left does not bring it back", () => {
  address.hash = "#/study/S/results";
  router.setQuery({ draft: "" });
  router.step({ draft: "B" });
  expect(address.hash).toBe("#/study/S/results");
  expect(history).toEqual([]);
  arrive();
  expect(router.place.value.page).toBe("results");
});

test("keys that the address has got meanwhile are kept", () => {
  address.hash = "#/study/S/plan?parcels=P01";
  router.setQuery({ run: "002" });
  expect(address.hash).toBe("#/study/S/plan?parcels=P01&run=002");
});

test("the page that is open is known as left from the moment that the address is another's, not where keys change", () => {
  const stays = router.here();
  router.setQuery({ run: "002" });
  expect(stays()).toBe(true);
  address.hash = "#/study/T/plan";
  expect(stays()).toBe(false);
  arrive();
  expect([stays(), router.here()()]).toEqual([false, true]);
});
