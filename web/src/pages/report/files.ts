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
