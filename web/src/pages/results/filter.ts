/** Search and filter of indicators. */

import { said } from "../../lib/texts";
import type { Indicator } from "./types";

export type Which = "" | "outside" | "unsure" | "target" | "missed";
export const WHICH: Which[] = ["", "target", "missed", "outside", "unsure"];

/** The indicators that a text names, in title, id, unit, instrument or code, and that a filter keeps. */
export function filtered(rows: Indicator[], text: string, which: string): Indicator[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const values = Object.values(row.values);
    const hay = [...Object.values(row.title), row.id, ...Object.values(row.unit), said(row.instrument), ...values.map((each) => each.code)].join(" ").toLowerCase();
    if (!words.every((word) => hay.includes(word))) return false;
    if (which === "outside") return values.some((each) => each.outside);
    if (which === "unsure") return values.some((each) => each.light === "unsure");
    if (which === "target") return row.target !== null;
    if (which === "missed") return values.some((each) => each.state === "red");
    return true;
  });
}
