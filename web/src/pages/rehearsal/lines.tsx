/** Courses over time as small lines with a mark at the hour, and the phases as bars; the tables beside say the same. */

import { Line } from "../../components/line";
import { amount, said, t } from "../../lib/texts";
import { at, clock, ends, type Course, type Rehearsal, type Span } from "./types";

/** What a line shows, in words. */
export function lineSaid(course: Course, to: number): string {
  const known = course.values.filter((each): each is number => each !== null);
  return t("rehearsal.line", { title: said(course.title), low: amount(Math.min(...known), course.digits), high: amount(Math.max(...known), course.digits), unit: said(course.unit), to: clock(to) });
}

export function CourseLine({ course, hour, from, to, tall = false }: { course: Course; hour: number | null; from: number; to: number; tall?: boolean }) {
  return <Line at={course.hours} values={course.values} mark={hour} marked={hour === null ? null : at(course, hour)} from={from} to={to} tall={tall} label={lineSaid(course, to)} />;
}

const LANE = 26, LEFT = 4, WIDE = 900;

/** Hours on a scale that also shows days: its root, with its sign. */
function place(hour: number): number {
  return Math.sign(hour) * Math.sqrt(Math.abs(hour));
}

export function Lanes({ told, hour }: { told: Rehearsal; hour: number }) {
  const [low, high] = ends(told).map(place) as [number, number];
  const x = (each: number) => LEFT + ((place(each) - low) / (high - low)) * (WIDE - 2 * LEFT);
  const phases = [...new Set(told.spans.map((each) => each.phase))];
  const rows: (Span | string)[] = phases.flatMap((phase) => [phase, ...told.spans.filter((each) => each.phase === phase)]);
  const when = (span: Span) => (span.start === span.end ? t("rehearsal.when", { at: clock(span.start) }) : t(span.open ? "rehearsal.from_open" : "rehearsal.from_to", { from: clock(span.start), to: clock(span.end) }));
  return (
    <section class="phases">
      <h2>{t("rehearsal.timeline")}</h2>
      <p class="soft small">{t("rehearsal.timeline_how")}</p>
      <div class="scroll" tabIndex={0} role="group" aria-label={t("rehearsal.timeline")}><svg class="lanes" viewBox={`0 0 ${WIDE} ${rows.length * LANE + 6}`} aria-hidden="true">
        <path class="line-hour" d={`M${x(hour)} 0V${rows.length * LANE + 6}`} />
        {rows.map((each, row) => {
          const y = row * LANE;
          if (typeof each === "string") return <text key={row} x={LEFT} y={y + 19} class="lane-phase">{t(`rehearsal.phase_${each}`)}</text>;
          const from = x(each.start), to = x(each.end);
          const late = from > WIDE * 0.6;
          const long = !late && to > WIDE * 0.6; // no room beside the bar: the name stands on it
          return (
            <g key={row}><rect class={`lane-bar ${each.phase}`} x={from} y={y + 6} width={Math.max(5, to - from)} height={14} rx={2} />
              <text x={late ? from - 6 : long ? from + 6 : Math.max(5, to - from) + from + 6} y={y + 18} text-anchor={late ? "end" : "start"} class="lane-name">{said(each.what)} · {when(each)}</text></g>
          );
        })}
      </svg></div>
      <div class="hidden"><table><caption>{t("rehearsal.timeline")}</caption><tbody>{told.spans.map((each, at) => <tr key={at}><th scope="row">{said(each.what)}</th><td>{t(`rehearsal.phase_${each.phase}`)}</td><td>{when(each)}</td></tr>)}</tbody></table></div>
    </section>
  );
}
