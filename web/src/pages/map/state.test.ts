import { beforeEach, expect, test, vi } from "vitest";

const asked: { path: string; answer: (body: unknown) => Promise<void> }[] = [];
let state: typeof import("./state");

beforeEach(async () => {
  vi.resetModules();
  asked.length = 0;
  vi.stubGlobal("location", { hash: "#/study/S/map?run=001", href: "http://x/" });
  vi.stubGlobal("history", { replaceState: (_: null, __: string, hash: string) => { location.hash = hash; } });
  vi.stubGlobal("fetch", (path: string) => new Promise<Response>((resolve) => {
    asked.push({ path, answer: async (body) => { resolve(Response.json(body)); await new Promise((later) => setTimeout(later)); } });
  }));
  (await import("../../lib/session")).studies.value = [{ id: "S", runs: ["002", "001"] } as never];
  state = await import("./state");
});

test("the place that is asked for stands in the address at once, so that layers that come meanwhile ask for it anew", () => {
  void state.look(120.5, 30.25);
  expect(state.placeAsked()).toEqual([120.5, 30.25]);
});

test("what is said of a place is shown", async () => {
  const looked = state.look(120, 30);
  await asked.at(-1)!.answer({ shapes: [] });
  await looked;
  expect([asked.at(-1)!.path.split("?")[0], state.found.value]).toEqual(["/api/studies/S/runs/001/at", { shapes: [] }]);
});

test("what is said of a place is not shown once the map, its run or the place has been left", async () => {
  const leave = [() => { location.hash = "#/study/S/results?run=001"; }, () => { location.hash = "#/study/S/map?run=002"; dispatchEvent(new Event("hashchange")); }, () => state.forget()];
  for (const each of leave) {
    location.hash = "#/study/S/map?run=001";
    dispatchEvent(new Event("hashchange"));
    const looked = state.look(120, 30);
    each();
    const now = location.hash;
    await asked.at(-1)!.answer({ shapes: [] });
    await looked;
    expect([state.found.value, location.hash]).toEqual([null, now]);
  }
});

test("a place is asked for in sight, and no longer once it is told or forgotten", async () => {
  const looked = state.look(120, 30);
  expect(state.looking.value).toBe(true);
  await asked.at(-1)!.answer({ shapes: [] });
  await looked;
  expect(state.looking.value).toBe(false);
  void state.look(120, 30);
  state.forget();
  expect(state.looking.value).toBe(false);
});

test("a link to a place opens the map there; one outside the run's map opens the whole", () => {
  state.loaded.value = { of: "/api/studies/S/runs/001", chart: { bounds: [120, 30, 121, 31], alternatives: {}, quantities: [] } as never };
  const opened = (query: string) => { location.hash = `#/study/S/map?run=001&${query}`; dispatchEvent(new Event("hashchange")); return state.view.value; };
  expect(opened("place=120.5,30.5")).toEqual({ centre: [120.5, 30.5], zoom: state.NEAR });
  expect(opened("place=10,10")).toBe(null);
  expect(opened("place=120.5,30.5&at=120.1,30.1,12")).toEqual({ centre: [120.1, 30.1], zoom: 12 });
  expect([state.within([120.5, 30.5]), state.within([30.5, 120.5])]).toEqual([true, false]);
});

test("a parcel that a link names is found by its whole id alone", async () => {
  const at = state.parcelPlace("P0");
  await asked.at(-1)!.answer([{ table: "units", id: "P0", lon: 1, lat: 1 }, { table: "parcels", id: "P00", lon: 2, lat: 2 }, { table: "parcels", id: "P0", lon: 3, lat: 4 }]);
  expect(await at).toEqual([3, 4]);
});

test("a map is shown of the run that is open alone", () => {
  state.loaded.value = { of: "/api/studies/S/runs/002", chart: {} as never };
  expect(state.chart.value).toBe(null);
  state.loaded.value = { of: "/api/studies/S/runs/001", chart: {} as never };
  expect(state.chart.value).not.toBe(null);
});
