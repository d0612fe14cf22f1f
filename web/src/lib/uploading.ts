/** Files chosen or dropped, and their way to the server: in slices, with progress, resumed after a broken connection. */

import { api, Refusal, sendBytes, type Said } from "./api";

export interface Chosen { path: string; file: File }
export interface Piece { number: number; path: string; size: number; received: number; refused: Said }
export interface Upload { id: string; files: Piece[]; file_mib: number }
export interface Progress { sent: number; size: number; path: string }

const SLICE = 8 * 2 ** 20;
const TRIES = 5;

/** Files of a picker; those of a folder carry their path below it. */
export function chosenFrom(list: FileList | null): Chosen[] {
  return [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** Files that were dropped, folders with all that is below them. */
export async function droppedFrom(data: DataTransfer): Promise<Chosen[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = [...data.files];
  if (entries.every((entry) => entry === null)) return plain.map((file) => ({ path: file.name, file }));
  const found: Chosen[] = [];
  for (const entry of entries) if (entry) await walk(entry, "", found);
  return found;
}

async function walk(entry: FileSystemEntry, above: string, found: Chosen[]): Promise<void> {
  const path = above ? `${above}/${entry.name}` : entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ path, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const each of some) await walk(each, path, found);
  }
}

/** The folder that all files lie in, "" where there is none; and the files without it. */
export function withoutFolder(chosen: Chosen[]): { folder: string; files: Chosen[] } {
  const first = chosen[0]?.path.split("/") ?? [];
  const folder = first.length > 1 && chosen.every((each) => each.path.startsWith(`${first[0]}/`)) ? first[0]! : "";
  return { folder, files: folder ? chosen.map((each) => ({ ...each, path: each.path.slice(folder.length + 1) })) : chosen };
}

/** Announce files and send them; the answer tells which of them are not wanted. */
export async function send(chosen: Chosen[], tell: (progress: Progress) => void, signal: AbortSignal): Promise<Upload> {
  const files = chosen.map((each) => ({ path: each.path, size: each.file.size }));
  const upload = await api.post<Upload>("/api/uploads", { files }, { signal });
  const wanted = upload.files.filter((each) => Object.keys(each.refused).length === 0);
  const size = wanted.reduce((sum, each) => sum + each.size, 0);
  let before = 0;
  try {
    for (const piece of wanted) {
      await sendOne(upload.id, piece, chosen[piece.number]!.file, (sent) => tell({ sent: before + sent, size, path: piece.path }), signal);
      before += piece.size;
    }
  } catch (fault) {
    if (signal.aborted || fault instanceof Refusal && fault.status >= 400) void api.remove(`/api/uploads/${upload.id}`).catch(() => undefined);
    throw fault;
  }
  return upload;
}

async function sendOne(upload: string, piece: Piece, file: File, tell: (sent: number) => void, signal: AbortSignal): Promise<void> {
  let offset = piece.received;
  for (let failed = 0; offset < piece.size; ) {
    try {
      offset = (await sendBytes<Piece>(`/api/uploads/${upload}/${piece.number}/files?offset=${offset}`, file.slice(offset, offset + SLICE), signal)).received;
      failed = 0;
      tell(offset);
    } catch (fault) {
      if (signal.aborted || !(fault instanceof Refusal) || fault.status !== 0 && fault.status !== 409 || (failed += 1) >= TRIES) throw fault;
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** failed));
      const now = await api.get<Upload>(`/api/uploads/${upload}`, { signal }).catch(() => null);
      offset = now?.files[piece.number]?.received ?? offset;
    }
  }
  tell(piece.size);
}
