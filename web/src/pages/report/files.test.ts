import { expect, test } from "vitest";
import { sizeSaid } from "../../lib/sizes";
import { grouped } from "./files";

test("files stand by folder in their order", () => {
  const file = (name: string) => ({ id: name, name, kind: "", size: 1, purpose: {} });
  expect(grouped([file("report.html"), file("maps/zh/a.png"), file("maps/zh/b.png"), file("cad/p.dxf")]).map(([folder, rows]) => [folder, rows.length])).toEqual([["", 1], ["maps/zh", 2], ["cad", 1]]);
});

test("sizes are told in the unit that reads well", () => {
  expect([sizeSaid(12), sizeSaid(1500), sizeSaid(250_000), sizeSaid(12_400_000)]).toEqual(["12 B", "1.5 kB", "250 kB", "12 MB"]);
});
