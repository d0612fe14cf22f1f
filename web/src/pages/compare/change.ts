/** What a change of an indicator amounts to. */

import { amount, number } from "../../lib/texts";

export interface Written { value: number | null; said: string }

const parsed = (text: string): number | null => {
  const plain = text.replace(/,/g, "").replace("−", "-");
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
};
const decimals = (text: string): number => text.split(".")[1]?.length ?? 0;
const sign = (value: number): string => (value > 0 ? "+" : value < 0 ? "−" : "");

/**
 * What the other amount is above the one, as both are written beside it: who subtracts them finds the same. Two that are
 * written alike differ by less than their last digit, which is told; `scale` is how a language counts the unit.
 */
export function difference(one: Written, other: Written, scale = 1): string {
  if (one.value === null || other.value === null) return "–";
  if (same(one.value, other.value)) return "0";
  const [a, b] = [parsed(one.said), parsed(other.said)], raw = (other.value - one.value) * scale;
  if (a === null || b === null) return sign(raw) + number(Math.abs(raw));
  if (a === b) return sign(raw) + number(Math.abs(raw), 2);
  const digits = Math.max(decimals(one.said), decimals(other.said)), found = Number((b - a).toFixed(digits));
  return sign(found) + new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(Math.abs(found));
}

/** A change in percent: one decimal, and two digits where that would be none. */
export function percent(share: number): string {
  const size = Math.abs(100 * share);
  return `${sign(share)}${size > 0 && size < 0.1 ? number(size, 2) : amount(size, 1)}%`;
}

const CLOSE = 1e-9;

/** Whether two values are the same but for how sums are rounded. */
export function same(one: number | null, other: number | null): boolean {
  if (one === null || other === null) return one === other;
  return Math.abs(one - other) <= CLOSE * Math.max(Math.abs(one), Math.abs(other));
}

/** Units whose zero is a convention: a share of 29 °C means nothing. */
const CONVENTION = ["°C", "℃", "degC"];

/** The change as a share of the first value; null where that is none, nothing is known, or its unit has no true zero. */
export function relative(one: number | null, other: number | null, unit = ""): number | null {
  if (one === null || other === null || CONVENTION.includes(unit)) return null;
  if (same(one, other)) return 0;
  return one === 0 ? null : (other - one) / Math.abs(one);
}

/** Whether a change is for the better by an indicator's direction; no judgement on what is written alike. */
export function gain(direction: string, one: number | null, other: number | null, alike = false): "better" | "worse" | "" {
  if (one === null || other === null || alike || same(one, other) || (direction !== "lower" && direction !== "higher")) return "";
  return (other > one) === (direction === "higher") ? "better" : "worse";
}
