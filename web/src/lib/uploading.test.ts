import { afterEach, expect, test, vi } from "vitest";
import { gate } from "./api";
import { send, withoutFolder, type Chosen } from "./uploading";

const file = (path: string, text: string): Chosen => ({ path, file: new File([text], path.split("/").at(-1)!) });
afterEach(() => { gate.ended = null; vi.unstubAllGlobals(); });

test("the folder that all files share is taken off, another is kept", () => {
  const shared = withoutFolder([file("资料/a.shp", ""), file("资料/b/c.csv", "")]);
  expect([shared.folder, shared.files.map((each) => each.path)]).toEqual(["资料", ["a.shp", "b/c.csv"]]);
  expect(withoutFolder([file("资料/a.shp", ""), file("b.csv", "")]).folder).toBe("");
});

test("a broken connection is taken up where the server stands", async () => {
  const puts: string[] = [];
  let broken = true;
  vi.stubGlobal("fetch", async (path: string, options: RequestInit) => {
    const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
    const piece = (received: number) => ({ number: 0, path: "a.csv", size: 4, received, refused: {} });
    if (options.method === "POST") return json({ id: "u", file_mib: 512, files: [piece(0), { number: 1, path: "b.dwg", size: 9, received: 0, refused: { en: "no" } }] }, 201);
    if (options.method === "GET") return json({ id: "u", file_mib: 512, files: [piece(2)] });
    puts.push(path);
    if (broken) { broken = false; throw new TypeError("network"); }
    return json(piece(4));
  });
  const told: number[] = [];
  const upload = await send([file("a.csv", "abcd"), file("b.dwg", "123456789")], (each) => told.push(each.sent), new AbortController().signal);
  expect(puts).toEqual(["/api/uploads/u/0/files?offset=0", "/api/uploads/u/0/files?offset=2"]);
  expect([told.at(-1), upload.files.length]).toEqual([4, 2]);
});

test("an upload whose session has ended waits for the next login and goes on with the same slice", async () => {
  const puts: string[] = [];
  let logged = false, asked = 0;
  gate.ended = () => { asked += 1; logged = true; return Promise.resolve(); };
  vi.stubGlobal("fetch", async (path: string, options: RequestInit) => {
    const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
    if (options.method === "POST") return json({ id: "u", file_mib: 512, files: [{ number: 0, path: "a.csv", size: 4, received: 0, refused: {} }] }, 201);
    puts.push(`${path} ${await (options.body as Blob).text()}`);
    return logged ? json({ number: 0, path: "a.csv", size: 4, received: 4, refused: {} }) : json({ error: "web.not_logged_in", said: {} }, 401);
  });
  await send([file("a.csv", "abcd")], () => {}, new AbortController().signal);
  expect([puts, asked]).toEqual([["/api/uploads/u/0/files?offset=0 abcd", "/api/uploads/u/0/files?offset=0 abcd"], 1]);
});
