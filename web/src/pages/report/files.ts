/** Files of a report by folder, and their sizes. */

import type { Said } from "../../lib/api";

export interface ReportFile { id: string; name: string; kind: string; size: number; purpose: Said }

/** Files by the folder that they lie in, in the order in which they come; "" is the top. */
export function grouped(files: ReportFile[]): [string, ReportFile[]][] {
  const groups = new Map<string, ReportFile[]>();
  for (const file of files) {
    const folder = file.name.includes("/") ? file.name.slice(0, file.name.lastIndexOf("/")) : "";
    groups.set(folder, [...(groups.get(folder) ?? []), file]);
  }
  return [...groups];
}

export function sizeSaid(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : bytes < 1e9 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
