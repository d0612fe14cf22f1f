/** The interface's texts: rows of the program's own catalogue, whose ids begin with `web.`, in the chosen language. */

import { computed, signal } from "@preact/signals";
import { api, type Said } from "./api";
import { turns } from "./newest";

type Value = string | number;

const KEPT = "citybraid.language";

/** The first of a browser's languages in which all is written, reports and messages too; English where there is none. */
export const preferred = (wanted: readonly string[]): string => wanted.map((each) => each.toLowerCase().split("-")[0]!).find((each) => each === "zh" || each === "en") ?? "en";

export const language = signal(localStorage.getItem(KEPT) ?? preferred(navigator.languages));
/** Languages that these pages alone begin to speak: reports and pictures are in English then. */
export interface Begun { texts: number; missing: number; unreviewed: number }
export const begun = signal<Record<string, Begun>>({});
/** The language that the program writes in for the chosen one. */
export const written = computed(() => (language.value in begun.value ? "en" : language.value));
const rows = signal<Record<string, string>>({});
export const ready = computed(() => Object.keys(rows.value).length > 0);

const choices = turns();

/** Speak a language; of two that are chosen the later one is spoken, whichever comes first. */
export async function speak(code: string): Promise<void> {
  const newest = choices();
  const found = await api.get<Record<string, string>>(`/api/texts/${encodeURIComponent(code)}`);
  if (!newest()) return;
  rows.value = found;
  language.value = code;
  localStorage.setItem(KEPT, code);
  document.documentElement.lang = code === "zh" ? "zh-Hans" : code;
}

/** A text by id without its `web.`, placeholders filled: {name}, and {count:parcel|parcels} by number. A missing id shows itself. */
export function t(id: string, values: Record<string, Value> = {}): string {
  const text = rows.value[`web.${id}`];
  if (text === undefined) return `[${id}]`;
  return filled(text, values);
}

/** Whether there is a text of that id. */
export const has = (id: string): boolean => rows.value[`web.${id}`] !== undefined;

export function filled(text: string, values: Record<string, Value>): string {
  return text.replace(/\{(\w+)(?::([^}|]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return one === undefined ? String(value) : String(value) === "1" ? one : many ?? "";
  });
}

/** One of a text's languages, as data bring them: the chosen one, else English, else any. */
export function said(words: Said | undefined): string {
  if (!words) return "";
  return words[language.value] ?? words["en"] ?? Object.values(words)[0] ?? "";
}

/** How numbers and times are written: as people of the language do, by the calendar that plans are dated in. */
export const locale = computed(() => `${language.value === "zh" ? "zh-Hans" : language.value}-u-ca-gregory`);

/** A number as people of the language write it, to some significant digits, no whole unit rounded away; an unknown one is a dash. */
export function number(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const whole = Math.floor(Math.log10(Math.max(1, Math.abs(value)))) + 1;
  return new Intl.NumberFormat(locale.value, { maximumSignificantDigits: Math.max(digits, whole) }).format(value).replace(/^-/, "−");
}

const WHOLE_FROM = 1000, PLAIN_DIGITS = 4;

/**
 * An amount by the report's rule of digits (decision 0028): whole from a thousand on, below it with the decimals of its
 * unit, or four significant digits where the unit has none of its own (null); nothing is 0.
 */
export function amount(value: number | null | undefined, decimals: number | null): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (decimals === null) return number(value, PLAIN_DIGITS);
  const size = Math.abs(value), fixed = size === 0 || Number(size.toFixed(decimals)) >= WHOLE_FROM ? 0 : decimals;
  const kept = Number(value.toFixed(fixed)) + 0;
  return new Intl.NumberFormat(locale.value, { minimumFractionDigits: fixed, maximumFractionDigits: fixed }).format(Object.is(kept, -0) ? 0 : kept).replace(/^-/, "−");
}

/** The decimals that numbers stated by people need, so that a column has the same: 1.0 beside 1.25 is 1.00. */
export const needed = (values: (number | null)[], most = 2): number =>
  Math.max(0, ...values.map((each) => (each === null ? "" : each.toFixed(most).replace(/0+$/, "").split(".")[1] ?? "").length));

/** Several words as people of the language list them. */
export const series = (words: string[]): string => words.join(t("people.and"));

/** What something is and its value, with the colon of the language between them. */
export const pair = (what: string, value: string): string => t("pair", { what, value });

/** A title with its unit, between Chinese signs where the title ends in Chinese: as the report sets it. */
export const withUnit = (title: string, unit: string): string => (!unit ? title : (title.at(-1) ?? "") >= "\u2e80" ? `${title}（${unit}）` : `${title} (${unit})`);

/** A moment as people of the language write it, hours from 0 to 23. */
export function moment(iso: string, style: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeStyle: "short" }): string {
  return new Intl.DateTimeFormat(locale.value, { hourCycle: "h23", ...style }).format(new Date(iso));
}
