/** The rehearsal of a disaster: an hour that plays, what is flooded, closed and cut off then, and the four phases. */

import { useLayoutEffect, useState } from "preact/hooks";
import { Blocks } from "../../components/blocks";
import { RunChoice } from "../../components/run_choice";
import "../../components/tables.css";
import { Loading } from "../../components/loading";
import { useFetched } from "../../lib/fetched";
import { ofRun } from "../../lib/of_run";
import { place, setQuery } from "../../lib/router";
import { study } from "../../lib/session";
import { amount, said, t, withUnit } from "../../lib/texts";
import { HourMap } from "./hour_map";
import { CourseLine, Lanes, lineSaid } from "./lines";
import { at, clock, shown, turned, type Assumption, type Rehearsal } from "./types";
import "./rehearsal.css";

const STEP_MS = 600;

export default function RehearsalPage() {
  const query = place.value.query;
  const [alternative, event] = [query.get("alternative") ?? "", query.get("event") ?? ""];
  const found = useFetched<Rehearsal>(ofRun(`/rehearsal?${new URLSearchParams({ alternative, event }).toString()}`));
  return (
    <div class="page rehearsal">
      <div class="row head"><h1>{t("page.rehearsal")}</h1><RunChoice /></div>
      {found.value === null ? <p class="empty" role="status">{found.busy ? <Loading /> : t(found.failed ? "not_loaded" : "rehearsal.none")}</p> : <Played key={`${found.value.alternative}/${found.value.event}`} told={found.value} />}
    </div>
  );
}

function Played({ told }: { told: Rehearsal }) {
  const last = told.hours.length - 1;
  const asked = place.value.query.get("hour");
  const step = shown(asked, told);
  const [plays, setPlays] = useState(false);
  const set = (next: number) => setQuery({ hour: String(next) });
  // At once: no step may come after the pause, or after an hour that is chosen.
  useLayoutEffect(() => {
    if (!plays) return;
    if (step >= last) { setPlays(false); return; }
    const timer = setTimeout(() => set(step + 1), STEP_MS);
    return () => clearTimeout(timer);
  }, [plays, step]);
  const hour = told.hours[step]!;
  const hourly = told.courses.filter((each) => !each.after);
  const [first, end] = [told.hours[0]!, told.hours[last]!];
  return (
    <>
      <div class="row no-print">
        <label>{t("results.alternative")} <select value={told.alternative} onChange={(event) => setQuery(turned(told, event.currentTarget.value))}>{Object.entries(told.alternatives).map(([id, title]) => <option key={id} value={id}>{id === told.recommended ? t("rehearsal.is_recommended", { alternative: said(title) }) : said(title)}</option>)}</select></label>
        <Shortcuts told={told} />
        {Object.keys(told.events).length > 1 ? <label>{t("rehearsal.event")} <select value={told.event} onChange={(event) => setQuery({ event: event.currentTarget.value, hour: "" })}>{Object.entries(told.events).map(([id, title]) => <option key={id} value={id}>{said(title) || id}</option>)}</select></label> : <strong>{said(told.events[told.event]!)}</strong>}
        {study.value?.synthetic && <span class="badge warn">{t("start.synthetic")}</span>}
      </div>
      <div class="player row no-print">
        <button type="button" class="first" aria-pressed={plays} onClick={() => { if (!plays && (asked === null || step >= last)) set(0); setPlays(!plays); }}>{t(plays ? "rehearsal.pause" : "rehearsal.play")}</button>
        <label class="hours"><span class="hidden">{t("rehearsal.hour")}</span>
          {told.peak && last > 0 && <i class="peak-mark" style={{ left: `calc(8px + (100% - 16px) * ${told.peak.step / last})` }} aria-hidden="true" />}
          <input type="range" min={0} max={last} step={1} value={step} aria-valuetext={t("rehearsal.after", { hours: clock(hour) })} onInput={(event) => { setPlays(false); set(Number(event.currentTarget.value)); }} /></label>
        <output class="clock">{t("rehearsal.after", { hours: clock(hour) })}</output>
      </div>
      <Highest told={told} step={step} set={(next) => { setPlays(false); set(next); }} />
      <div class="stage">
        <HourMap told={told} step={step} />
        <section class="card" aria-label={t("rehearsal.figures")}>
          <table>
            <caption>{t("rehearsal.at", { hours: clock(hour) })}</caption>
            <thead class="hidden"><tr><th scope="col">{t("rehearsal.figures")}</th><th scope="col">{t("results.value")}</th></tr></thead>
            <tbody>{hourly.map((each) => (
              <tr key={each.id}><th scope="row" class="row-head">{said(each.title)}<CourseLine course={each} hour={hour} from={first} to={end} /></th><td class="number figure">{amount(at(each, hour), each.digits)} {said(each.unit)}</td></tr>
            ))}</tbody>
          </table>
        </section>
      </div>
      <details>
        <summary>{t("rehearsal.table")}</summary>
        <div class="scroll tall" tabIndex={0} role="group" aria-label={t("rehearsal.table")}>
          <table><caption class="hidden">{t("rehearsal.table")}</caption>
            <thead><tr><th scope="col">{t("rehearsal.time")}</th>{hourly.map((each) => <th key={each.id} scope="col" class="number wrap">{withUnit(said(each.title), said(each.unit))}</th>)}</tr></thead>
            <tbody>{told.hours.map((each, row) => <tr key={row} class={row === step ? "chosen" : undefined}><th scope="row">{clock(each)}</th>{hourly.map((course) => <td key={course.id} class="number">{amount(at(course, each), course.digits)}</td>)}</tr>)}</tbody></table>
        </div>
      </details>
      {told.spans.length > 0 && <Lanes told={told} hour={hour} />}
      {told.assumptions.length > 0 && <Assumed rows={told.assumptions} />}
      {told.courses.some((each) => each.after) && (
        <section><h2>{t("rehearsal.later")}</h2>
          <div class="later">{told.courses.filter((each) => each.after).map((each) => <figure key={each.id} class="card"><figcaption>{withUnit(said(each.title), said(each.unit))}</figcaption><CourseLine course={each} hour={null} from={each.hours[0]!} to={each.hours[each.hours.length - 1]!} tall /><p class="soft small">{lineSaid(each, each.hours[each.hours.length - 1]!)}</p></figure>)}</div></section>
      )}
      {told.phases.map((phase) => <details key={phase.id}><summary>{said(phase.title)}</summary><Blocks blocks={phase.blocks} /></details>)}
    </>
  );
}

/** The two that are compared most, a key press apart: the place as it is, and the alternative that page one recommends. */
function Shortcuts({ told }: { told: Rehearsal }) {
  const known = [["existing", told.existing], ["recommended", told.recommended]].filter(([, id]) => id);
  if (known.length < 2 || told.existing === told.recommended) return null;
  return (
    <span class="row" role="group" aria-label={t("rehearsal.shortcuts")}>
      {known.map(([what, id]) => <button key={what} type="button" class="small" aria-pressed={told.alternative === id} onClick={() => setQuery(turned(told, id!))}>{t(`rehearsal.of_${what!}`)}</button>)}
    </span>
  );
}

/** The hour of the peak in words, and the way back to it. */
function Highest({ told, step, set }: { told: Rehearsal; step: number; set: (step: number) => void }) {
  const course = told.courses.find((each) => each.id === told.peak?.course);
  if (!told.peak || !course) return <p class="soft">{t("rehearsal.no_peak")}</p>;
  const hour = told.hours[told.peak.step]!;
  return (
    <p class="row peak">
      <span>{t(told.peak.last ? "rehearsal.peak_last" : "rehearsal.peak", { hours: clock(hour), what: said(course.title), value: amount(at(course, hour), course.digits), unit: said(course.unit) })}</span>
      {step !== told.peak.step && <button type="button" class="no-print" onClick={() => set(told.peak!.step)}>{t("rehearsal.to_peak")}</button>}
    </p>
  );
}

/** What the courses and bars rest on without a confirmed source, beside the timeline that shows them. */
function Assumed({ rows }: { rows: Assumption[] }) {
  return (
    <details class="assumed"><summary>{t("rehearsal.assumptions", { count: rows.length })}</summary>
      <p class="soft small">{t("rehearsal.assumptions_how")}</p>
      <div class="scroll tall" tabIndex={0} role="group" aria-label={t("rehearsal.assumptions", { count: rows.length })}>
        <table><caption class="hidden">{t("rehearsal.assumptions", { count: rows.length })}</caption>
          <thead><tr><th scope="col">{t("rehearsal.model")}</th><th scope="col">{t("rehearsal.factor")}</th><th scope="col" class="number">{t("results.value")}</th><th scope="col">{t("rehearsal.status")}</th><th scope="col">{t("rehearsal.source")}</th></tr></thead>
          <tbody>{rows.map((each, at) => <tr key={at}><th scope="row" class="row-head">{said(each.model)}</th><td title={`${each.factor}/${each.key}`}>{said(each.title)}{each.key && <span class="soft"> · {each.key}</span>}</td><td class="number">{said(each.value)}</td><td>{said(each.status)}</td><td class="small">{said(each.source) || "–"}</td></tr>)}</tbody></table>
      </div>
    </details>
  );
}
