/** What a run found: the question and its answer, indicators by strand for every alternative, and what is not there. */

import { useEffect, useRef } from "preact/hooks";
import { Blocks } from "../../components/blocks";
import { RunChoice } from "../../components/run_choice";
import { Loading } from "../../components/loading";
import { comments, needComments } from "../../lib/comments";
import { useFetched } from "../../lib/fetched";
import { tellError } from "../../lib/messages";
import { nameClass } from "../../lib/names";
import { ofRun } from "../../lib/of_run";
import { oneStop } from "../../lib/one_stop";
import { place, setQuery } from "../../lib/router";
import { run } from "../../lib/session";
import { language, number, pair, said, t } from "../../lib/texts";
import { Explained } from "./explained";
import { filtered, WHICH } from "./filter";
import { strandsOf, type Gap, type Indicator, type Results } from "./types";
import "../../components/tables.css";
import "./results.css";

export default function ResultsPage() {
  const found = useFetched<Results>(ofRun("/results"));
  const opener = useRef<HTMLElement | null>(null);
  useEffect(() => { void needComments().catch(tellError); }, [run.value]);
  const query = place.value.query;
  const chosen = query.get("indicator") ?? "";
  if (found.value === null) return <div class="page"><h1>{t("page.results")}</h1><p class="empty" role="status">{found.busy ? <Loading /> : t(found.failed ? "not_loaded" : "results.none")}</p></div>;
  const results = found.value;
  const text = query.get("search") ?? "", which = query.get("which") ?? "", strand = query.get("strand") ?? "";
  const rows = filtered(results.indicators, text, which).filter((row) => strand === "" || row.strand === strand);
  const open = (id: string, from: HTMLElement) => { opener.current = from; setQuery({ indicator: id }); };
  const close = () => { setQuery({ indicator: "" }); opener.current?.focus(); };
  return (
    <div class="page results">
      <div class="row head"><h1>{t("page.results")}</h1><RunChoice /><button type="button" class="no-print" onClick={() => print()}>{t("results.print")}</button></div>
      {results.synthetic && <p class="badge warn wide">{t("results.synthetic")}</p>}
      {results.question.length > 0 && <section class="card question" aria-label={t("results.question")}><Blocks blocks={results.question} /></section>}
      <form class="row filters no-print" role="search" onSubmit={(event) => event.preventDefault()}>
        <label>{t("results.search")} <input type="search" value={text} onInput={(event) => setQuery({ search: event.currentTarget.value })} /></label>
        <label>{t("results.strand")} <select value={strand} onChange={(event) => setQuery({ strand: event.currentTarget.value })}>
          <option value="">{t("results.all")}</option>
          {strandsOf(results.indicators).map((each) => <option key={each} value={each}>{t(`results.strand_${each}`)}</option>)}
        </select></label>
        <label>{t("results.show")} <select value={which} onChange={(event) => setQuery({ which: event.currentTarget.value })}>
          {WHICH.map((each) => <option key={each} value={each}>{t(`results.which_${each || "all"}`)}</option>)}
        </select></label>
        <span class="soft" role="status">{t("results.count", { count: rows.length, all: results.indicators.length })}</span>
      </form>
      <div class={chosen ? "split" : undefined}>
        <div class="lists">
          {rows.length === 0 && <p class="empty">{t("results.no_match")}</p>}
          {strandsOf(rows).map((each) => <Strand key={each} name={each} results={results} rows={rows.filter((row) => row.strand === each)} chosen={chosen} open={open} />)}
          {results.gaps.length > 0 && <Gaps gaps={results.gaps} results={results} />}
        </div>
        {chosen && <Explained key={chosen} name={chosen} results={results} close={close} />}
      </div>
    </div>
  );
}

function Strand({ name, results, rows, chosen, open }: { name: string; results: Results; rows: Indicator[]; chosen: string; open: (id: string, from: HTMLElement) => void }) {
  const alternatives = Object.entries(results.alternatives);
  return (
    <section>
      <div class="scroll" tabIndex={0} role="group" aria-label={t(`results.strand_${name}`)}>
        <table ref={oneStop} class={`indicators units-below strand-${name}`}>
          <caption>{t(`results.strand_${name}`)}</caption>
          <thead><tr>
            <th scope="col">{t("results.indicator")}</th><th scope="col">{t("results.unit")}</th>
            {alternatives.map(([id, title]) => <th key={id} scope="col" class={`number alternative${nameClass(said(title))}`}>{said(title)}</th>)}
            <th scope="col">{t("results.better")}</th><th scope="col">{t("results.range")}</th><th scope="col" class="number">{t("results.unsure")}</th>
          </tr></thead>
          <tbody>{rows.map((row) => <Row key={row.id} row={row} results={results} chosen={chosen === row.id} open={open} />)}</tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ row, results, chosen, open }: { row: Indicator; results: Results; chosen: boolean; open: (id: string, from: HTMLElement) => void }) {
  const about = comments.value.filter((each) => each.about.startsWith(`indicator:${row.id}@`)).length;
  return (
    <tr class={chosen ? "chosen" : undefined}>
      <th scope="row" class="row-head" data-unit={said(row.unit)}>
        <button type="button" class="link" aria-expanded={chosen} onClick={(event) => open(row.id, event.currentTarget)}>{said(row.title)}</button>
        {row.target && <span class="soft small block">{pair(t("results.target"), `${said(row.target.title)} · ${row.direction === "lower" ? "≤" : "≥"} ${said(row.target.said)}`)}</span>}
        {row.partial.length > 0 && <span class="badge warn">{t("results.partial", { parts: row.partial.map(said).join(language.value === "zh" ? "、" : ", ") })}</span>}
        {about > 0 && <span class="soft small block">{t("results.comments", { count: about })}</span>}
      </th>
      <td>{said(row.unit)}</td>
      {Object.keys(results.alternatives).map((id) => {
        const value = row.values[id];
        if (!value) return <td key={id} class="number soft">–</td>;
        return (
          <td key={id} class="number">
            <span class={value.state === "red" ? "missed" : value.state === "green" ? "met" : undefined}>{value.state === "green" ? "✓ " : value.state === "red" ? "✗ " : ""}{said(value.said)}</span>
            {(value.state === "green" || value.state === "red") && <span class="hidden"> {t(`results.state_${value.state}`)}</span>}
            {value.band && <span class="soft small block">{said(value.band.said)}</span>}
            {value.outside && <span class="badge bad">{said(results.lights["outside"])}</span>}
          </td>
        );
      })}
      <td class="soft direction">{t(`results.direction_${row.direction}`)}</td>
      <td class="soft small">{row.range ? rangeSaid(row) : "–"}</td>
      <td class="number">{row.unsure === null ? "–" : <span class={row.unsure > 0 ? "badge warn" : "badge"}>{number(Math.round(row.unsure), 3)}%</span>}</td>
    </tr>
  );
}

export function rangeSaid(row: Indicator): string {
  const range = row.range!;
  if (range.low === null) return `≤ ${said(range.high_said)}`;
  if (range.high === null) return `≥ ${said(range.low_said)}`;
  return `${said(range.low_said)} – ${said(range.high_said)}`;
}

function Gaps({ gaps, results }: { gaps: Gap[]; results: Results }) {
  const every = Object.keys(results.alternatives).length;
  const parts = (texts: string[]) => texts.join(language.value === "zh" ? "、" : ", ");
  return (
    <section class="gaps">
      <h2>{t("results.gaps")}</h2>
      <details>
        <summary>{t("results.gaps_count", { count: gaps.length })}</summary>
        <div class="scroll" tabIndex={0} role="group" aria-label={t("results.gaps")}>
          <table>
            <caption>{t("results.gaps_note")}</caption>
            <thead><tr><th scope="col">{t("results.gap")}</th><th scope="col">{t("results.needs")}</th><th scope="col">{t("results.in")}</th></tr></thead>
            <tbody>{gaps.map((gap, at) => (
              <tr key={at}><th scope="row" class="row-head">{said(gap.title)}</th><td>{parts(gap.needs.map(said))}</td>
                <td class="soft">{gap.alternatives.length === every ? t("results.all") : parts(gap.alternatives.map((each) => said(results.alternatives[each]) || each))}</td></tr>
            ))}</tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
