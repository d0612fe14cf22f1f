/** One published case: lessons, place, indicators, effects, what its file holds; taken, or opened as a study. */

import { useState } from "preact/hooks";
import { Opening, type Begun } from "../../components/opening";
import { HeldOf } from "../../components/held";
import { Loading } from "../../components/loading";
import { api } from "../../lib/api";
import { useFetched } from "../../lib/fetched";
import { tellError } from "../../lib/messages";
import { hashOf, setQuery, step } from "../../lib/router";
import { sizeSaid } from "../../lib/sizes";
import { regionSaid } from "../../lib/regions";
import { written, number, said, series, t } from "../../lib/texts";
import { inUnit } from "./compared";
import type { Case } from "./types";

export function OneCase({ name }: { name: string }) {
  const found = useFetched<Case>(`/api/cases/${encodeURIComponent(name)}`);
  const [busy, setBusy] = useState(false);
  const [begun, setBegun] = useState<Begun | null>(null);
  const back = <p><button type="button" onClick={() => setQuery({ case: "" })}>{t("cases.back")}</button></p>;
  const told = found.value;
  if (told === null) return <>{back}<p class="empty" role="status">{found.busy ? <Loading /> : t("cases.no_case")}</p></>;
  const open = () => {
    setBusy(true);
    api.post<Begun>(`/api/cases/${encodeURIComponent(name)}/study`).then(setBegun, tellError).finally(() => setBusy(false));
  };
  const about = [regionSaid(told.line.region), told.line.year, told.area === null ? "" : t("cases.area", { area: number(told.area) }), told.authors.length ? t("cases.by", { names: told.authors.join(", ") }) : "", told.licence ? t("cases.licence", { licence: told.licence }) : "", told.date, t("cases.made_with", { version: told.program })];
  return (
    <article>
      {back}
      <h2>{said(told.line.title)} {told.line.synthetic && <span class="badge warn">{t("cases.synthetic")}</span>}</h2>
      <p class="soft small">{about.filter(Boolean).join(" · ")}</p>
      {told.line.pilot && <p class="soft">{said(told.line.run)}</p>}
      {told.size === null ? <p class="row no-print"><a class="button" href={hashOf({ page: "start", query: { pilot: told.line.pilot } })}>{t("cases.run_pilot")}</a></p> : <p class="row no-print">
        <button type="button" class="first" disabled={busy || begun !== null} onClick={open}>{t("cases.open_it")}</button>
        {told.report && <a class="button" href={`/api/cases/${encodeURIComponent(name)}/report#lang=${written.value}`} target="_blank" rel="noopener">{t("cases.read_report")}</a>}
        <a class="button" href={`/api/cases/${encodeURIComponent(name)}/file`} download>{t("cases.take", { file: `${name}.case.zip`, size: sizeSaid(told.size) })}</a>
      </p>}
      {begun && <Opening begun={begun} left={() => setBegun(null)} />}
      {told.lessons.length > 0 && <section aria-labelledby="lessons"><h3 id="lessons">{t("cases.lessons")}</h3><dl class="lessons">{told.lessons.map((each) => <div key={said(each.topic)}><dt>{said(each.topic)}</dt><dd>{said(each.text)}</dd></div>)}</dl></section>}
      <Features told={told} />
      <Indicators told={told} />
      {told.effects.length > 0 && <CaseEffects told={told} />}
      {told.together.length > 0 && <p class="small">{t("cases.together", { measures: series(told.together.map(said)) })}</p>}
      {told.size !== null && <section aria-labelledby="holds"><h3 id="holds">{t("cases.holds")}</h3><HeldOf held={told.held} /></section>}
    </article>
  );
}

function Features({ told }: { told: Case }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={t("cases.place")}>
      <table>
        <caption>{t("cases.place")}</caption>
        <thead><tr><th scope="col">{t("cases.feature")}</th><th scope="col" class="number">{t("cases.value")}</th><th scope="col">{t("cases.unit")}</th></tr></thead>
        <tbody>{told.features.map((each) => <tr key={each.feature}><th scope="row" class="row-head">{said(each.title)}</th><td class="number">{inUnit(each.value, each.unit)}</td><td>{said(each.unit)}</td></tr>)}</tbody>
      </table>
    </div>
  );
}

function Indicators({ told }: { told: Case }) {
  const names = Object.keys(told.alternatives);
  return (
    <div class="scroll tall" tabIndex={0} role="group" aria-label={t("cases.indicators")}>
      <table>
        <caption>{t("cases.indicators")}</caption>
        <thead><tr><th scope="col">{t("cases.indicator")}</th><th scope="col">{t("cases.unit")}</th>{names.map((each) => <th key={each} scope="col" class="number">{said(told.alternatives[each]) || each}</th>)}</tr></thead>
        <tbody>{told.indicators.map((each) => <tr key={each.indicator}><th scope="row" class="row-head">{said(each.title)}</th><td>{said(each.unit)}</td>{names.map((name) => <td key={name} class="number">{inUnit(each.values[name] ?? null, each.unit)}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}

function CaseEffects({ told }: { told: Case }) {
  return (
    <div class="scroll tall" tabIndex={0} role="group" aria-label={t("cases.case_effects")}>
      <table>
        <caption>{t("cases.case_effects")}</caption>
        <thead><tr><th scope="col">{t("cases.measure")}</th><th scope="col">{t("cases.indicator")}</th><th scope="col" class="number">{t("cases.effect")}</th><th scope="col">{t("cases.unit")}</th></tr></thead>
        <tbody>{told.effects.map((each, at) => (
          <tr key={at}><th scope="row" class="row-head"><button type="button" class="link" onClick={() => step({ part: "effects", measure: each.measure, case: "" })}>{said(each.measure_title)}</button></th><td>{said(each.indicator)}</td><td class="number">{inUnit(each.change, each.unit)}{each.guessed ? <span class="soft small block">{t("cases.no_band")}</span> : each.low !== null && each.high !== null && each.low !== each.high && <span class="soft small block">{inUnit(each.low, each.unit)} – {inUnit(each.high, each.unit)}</span>}</td><td class="unit">{said(each.unit) || "–"}</td></tr>
        ))}</tbody>
      </table>
    </div>
  );
}
