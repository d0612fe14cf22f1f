/** Requests to the server: JSON in and out, errors with their message in every language. */

import { here } from "./router";

export type Said = Record<string, string>;

/** The server refused, or could not be reached. */
export class Refusal extends Error {
  /** Whether the page that asked has been left since: why it could not be shown concerns nobody any more. */
  late = (): boolean => false;

  constructor(readonly status: number, readonly id: string, readonly said: Said, readonly body: Record<string, unknown> = {}) {
    super(said["en"] ?? id);
  }
}

/** What is done where the session has ended while pages were open: it settles once somebody has logged in again. */
export const gate: { ended: (() => Promise<void>) | null; logins: number } = { ended: null, logins: 0 };
/** Wait for the next login after a request was refused; not where somebody has logged in since it was sent. */
export const nextLogin = async (since: number): Promise<void> => { if (gate.logins === since) await gate.ended?.(); };
/** What a request is refused by that nobody has logged in for; a wrong password is another matter. */
const NOBODY = "web.not_logged_in";

const MARK = { "x-citybraid": "1" };

/** Fetch from the server; where the session has ended, wait for the next login and send the same again. */
export async function reach(path: string, options: RequestInit = {}): Promise<Response> {
  let answer: Response;
  const since = gate.logins;
  try {
    answer = await fetch(path, options);
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === "AbortError") throw fault;
    throw new Refusal(0, "web.unreachable", { en: "The server cannot be reached: is citybraid serve still running?", zh: "无法连接服务器：citybraid serve 是否仍在运行？" });
  }
  if (answer.status !== 401 || !gate.ended || path === "/api/session" || !(await askedByNobody(answer.clone()))) return answer;
  await nextLogin(since);
  options.signal?.throwIfAborted();
  return reach(path, options);
}

const askedByNobody = async (answer: Response): Promise<boolean> => (await answer.json().catch(() => ({}))).error === NOBODY;

async function request<T>(method: string, path: string, body?: unknown, options: RequestInit = {}): Promise<T> {
  const form = body instanceof FormData;
  const headers: Record<string, string> = { ...MARK, ...(options.headers as Record<string, string> | undefined) };
  if (body !== undefined && !form) headers["content-type"] = "application/json";
  const sent = body === undefined ? null : form ? body : JSON.stringify(body);
  const stays = here();
  try {
    return await readJson<T>(await reach(path, { ...options, method, headers, body: sent }));
  } catch (fault) {
    // What was to be shown only; what was to be done and was not is told wherever the reader is.
    if (fault instanceof Refusal && method === "GET") fault.late = () => !stays();
    throw fault;
  }
}

async function readJson<T>(answer: Response): Promise<T> {
  if (answer.status === 204) return undefined as T;
  const json = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
  if (!answer.ok) throw new Refusal(answer.status, json.error ?? "web.defect", json.said ?? {}, json);
  return json as T;
}

/** Send bytes as they are. */
export const sendBytes = async <T>(path: string, body: Blob, signal: AbortSignal): Promise<T> =>
  readJson<T>(await reach(path, { method: "PUT", headers: { ...MARK, "content-type": "application/octet-stream" }, body, signal }));

export const api = {
  get: <T>(path: string, options?: RequestInit) => request<T>("GET", path, undefined, options),
  post: <T>(path: string, body: unknown = {}, options?: RequestInit) => request<T>("POST", path, body, options),
  put: <T>(path: string, body: unknown, options?: RequestInit) => request<T>("PUT", path, body, options),
  patch: <T>(path: string, body: unknown, options?: RequestInit) => request<T>("PATCH", path, body, options),
  remove: <T>(path: string, options?: RequestInit) => request<T>("DELETE", path, undefined, options),
};
