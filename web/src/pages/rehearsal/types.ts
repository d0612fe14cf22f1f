/** What the server tells of a rehearsal, and figures at an hour. */

import type { Said } from "../../lib/api";
import type { Block } from "../../components/blocks";

export interface Course { id: string; title: Said; unit: Said; hours: number[]; values: (number | null)[]; after: boolean; digits: number | null }
export interface Street { name: Said; line: [number, number][]; closed_from: number | null; closed_until: number | null }
export interface Span { phase: string; what: Said; start: number; end: number; open: boolean }
export interface Legend { title: Said; unit: string; entries: [Said, string][] }
export interface Assumption { model: Said; title: Said; factor: string; key: string; value: Said; status: Said; source: Said }
/** The hour at which most is to be seen, and the course that is highest then. */
export interface Peak { step: number; course: string; last: boolean }
export interface Rehearsal {
  assumptions: Assumption[];
  alternative: string; alternatives: Record<string, Said>; existing: string; recommended: string; event: string; events: Record<string, Said>; events_of: Record<string, string[]>; hours: number[]; peak: Peak | null; width: number; height: number; pixel: number;
  pictures: Record<string, Legend>; streets: Street[]; courses: Course[]; spans: Span[]; phases: { id: string; title: Said; blocks: Block[] }[];
}

/** The value of a course at an hour: between two times that of the earlier; null before its first and where unknown. */
export function at(course: Course, hour: number): number | null {
  let found: number | null = null;
  for (let index = 0; index < course.hours.length && course.hours[index]! <= hour + 1e-6; index += 1) found = course.values[index] ?? null;
  return found;
}

/** Whether water closes a street at an hour; one without an end stays closed. */
export function closed(street: Street, hour: number): boolean {
  return street.closed_from !== null && street.closed_from <= hour && (street.closed_until === null || hour < street.closed_until);
}

/** Hours and minutes from the start of the event. */
export function clock(hour: number): string {
  const minutes = Math.round(Math.abs(hour) * 60);
  return `${hour < 0 ? "−" : ""}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

/** First and last hour of the timeline: of what happens in its phases, and of the event that is played, whose hour is marked on it. */
export function ends(told: Pick<Rehearsal, "hours" | "spans">): [number, number] {
  const hours = [0, 1, ...told.hours, ...told.spans.flatMap((each) => [each.start, each.end])];
  return [Math.min(...hours), Math.max(...hours)];
}

/** The hour that is shown: the one asked for, within the event; where none is, that of the peak, so that a page does not open on dry ground. */
export function shown(asked: string | null, told: Pick<Rehearsal, "hours" | "peak">): number {
  const step = asked === null || asked === "" ? NaN : Number(asked);
  return Number.isInteger(step) ? Math.min(told.hours.length - 1, Math.max(0, step)) : told.peak?.step ?? 0;
}

/** What is asked for as another alternative is to play: the same event where it has it, at its own peak. */
export const turned = (told: Pick<Rehearsal, "event" | "events_of">, alternative: string): Record<string, string> =>
  ({ alternative, event: told.events_of[alternative]?.includes(told.event) ? told.event : "", hour: "" });
