/** Where a number comes from: formula, models, factors, inputs with their files, and the instrument it leads to. */

import { useEffect, useRef, useState } from "preact/hooks";
import { CommentHere } from "../../components/comment_here";
import { Loading } from "../../components/loading";
import { useFetched } from "../../lib/fetched";
import { ofRun } from "../../lib/of_run";
import { place, setQuery } from "../../lib/router";
import { number, pair, said, t } from "../../lib/texts";
import { Bars } from "./bars";
import type { Explanation, Results } from "./types";

export function Explained({ name, results, close }: { name: string; results: Results; close: () => void }) {
  const zone = place.value.query.get("unit") ?? "";
  const found = useFetched<Explanation>(ofRun(`/results/${encodeURIComponent(name)}${zone ? `?zone=${encodeURIComponent(zone)}` : ""}`));
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), [name]);
  const row = results.indicators.find((each) => each.id === name);
  const told = found.value;
  const whole = zone === "";
  return (
    <aside class="card explained" aria-labelledby="explained-title" onKeyDown={(event) => { if (event.key === "Escape") close(); }}>
      <div class="row head">
        <h2 id="explained-title" tabIndex={-1} ref={head}>{said(row?.title ?? told?.title) || name}</h2>
        <button type="button" class="plain no-print" aria-label={t("results.close")} onClick={close}>×</button>
      </div>
      <label class="small">{t("results.where")} <select value={zone} onChange={(event) => setQuery({ unit: event.currentTarget.value })}>
        {Object.entries(results.zones).map(([id, title]) => <option key={id} value={id}>{said(title)}</option>)}
      </select></label>
      {told === null ? <p class="empty" role="status">{found.busy ? <Loading /> : t("results.no_explanation")}</p> : (
        <>
          <Bars title={told.title} unit={told.unit} target={whole && row?.target ? { value: row.target.target, said: row.target.said } : null} range={whole ? row?.range ?? null : null}
            bars={Object.entries(told.values).map(([id, each]) => ({ id, ...each, outside: whole && (row?.values[id]?.outside ?? false) }))} />
          <p class="soft small">{t("results.bars_note")}</p>
          <table>
            <caption class="hidden">{said(told.title)}</caption>
            <thead><tr><th scope="col">{t("results.alternative")}</th><th scope="col" class="number">{said(told.unit) || t("results.value")}</th><th scope="col">{t("results.band")}</th><th scope="col">{t("results.code")}</th><th scope="col" class="no-print">{t("results.comment")}</th></tr></thead>
            <tbody>{Object.entries(told.values).map(([id, each]) => (
              <tr key={id}><th scope="row" class="row-head">{said(each.title)}</th><td class="number">{said(each.said)}</td><td class="small">{each.band ? said(each.band.said) : "–"}</td><td class="small code">{each.code}</td>
                <td class="no-print">{each.code && <CommentHere about={`indicator:${told.id}@${id}/${zone}`} title={`${said(told.title)}, ${said(each.title)}`} />}</td></tr>
            ))}</tbody>
          </table>
          {row?.range && <p class="small">{t("results.range_of", { source: said(row.range.source) || "–", status: said(row.range.status_said) })}</p>}
          {told.limits.map((each, at) => <p key={at} class="badge warn wide">{said(each)}</p>)}
          <h3>{t("results.formula")}</h3>
          <p>{said(told.formula)}</p>
          <p class="small soft">{said(told.source) && `${said(told.source)} · `}{said(told.status_said)}</p>
          <Share told={told} />
          <Models told={told} />
          <Factors told={told} />
          <Inputs told={told} />
          <h3>{t("results.leads_to")}</h3>
          <p>{said(told.instrument) || t("results.no_instrument")}{told.level && ` · ${t(`results.level_${told.level}`)}`}{said(told.clause) && ` · ${said(told.clause)}`}</p>
          {told.objectives.length > 0 && <ul>{told.objectives.map((each) => <li key={each.id}>{pair(said(each.title), `${said(each.target)} ${said(told.unit)}`)} <span class="soft small">{said(each.source)}</span></li>)}</ul>}
        </>
      )}
    </aside>
  );
}

function Share({ told }: { told: Explanation }) {
  const share = Math.round(100 * told.unsure);
  return (
    <div class="share">
      <p id="share-said">{told.factors_all === 0 ? t("results.no_factors") : t("results.unsure_share", { share: number(share, 3), count: told.factors_all })}</p>
      {told.factors_all > 0 && <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="6" class="share-sure" /><rect width={share} height="6" class="share-unsure" /></svg>}
    </div>
  );
}

function Models({ told }: { told: Explanation }) {
  return (
    <details open>
      <summary>{t("results.models", { count: told.steps.length })}</summary>
      <ol class="steps">{told.steps.map((step, at) => (
        <li key={at}><strong>{said(step.title)}</strong> <span class="soft small">{t("results.version", { version: step.version })}{step.residuals.map((each) => ` · ${said(each.title)} ${each.value.toExponential(1)}`)}</span><br /><span class="small">{said(step.cite)}</span>{said(step.page) && <><br /><span class="small soft">{t("results.page", { page: said(step.page) })}</span></>}</li>
      ))}</ol>
    </details>
  );
}

function Factors({ told }: { told: Explanation }) {
  const [text, setText] = useState("");
  const rows = told.factors.filter((each) => `${said(each.title)} ${said(each.key_said)} ${said(each.source)} ${said(each.note)}`.toLowerCase().includes(text.toLowerCase()));
  if (told.factors_all === 0) return null;
  return (
    <details>
      <summary>{t("results.factors", { count: told.factors_all })}</summary>
      <label class="small no-print">{t("results.search")} <input type="search" value={text} onInput={(event) => setText(event.currentTarget.value)} /></label>
      <div class="scroll tall" tabIndex={0} role="group" aria-label={t("results.factors", { count: told.factors_all })}>
        <table class="small">
          <thead><tr><th scope="col">{t("results.factor")}</th><th scope="col" class="number">{t("results.value")}</th><th scope="col">{t("results.unit")}</th><th scope="col">{t("results.status")}</th><th scope="col">{t("results.source")}</th></tr></thead>
          <tbody>{rows.map((each, at) => (
            <tr key={at}><th scope="row" class="row-head">{said(each.title)}{each.key && <span class="soft"> · {said(each.key_said)}</span>}</th><td class="number">{number(each.value, 5)}</td><td>{said(each.unit)}</td>
              <td><span class={each.unsure ? "badge warn" : "badge"}>{said(each.status_said)}</span></td><td>{said(each.source) || said(each.note) || "–"}<span class="soft"> {each.region} {each.origin}</span></td></tr>
          ))}</tbody>
        </table>
      </div>
      {told.factors_all > told.factors.length && <p class="soft small">{t("blocks.left_out", { count: told.factors_all - told.factors.length })}</p>}
    </details>
  );
}

function Inputs({ told }: { told: Explanation }) {
  if (told.inputs.length === 0) return null;
  return (
    <details>
      <summary>{t("results.inputs", { count: told.inputs.length })}</summary>
      <div class="scroll tall" tabIndex={0} role="group" aria-label={t("results.inputs", { count: told.inputs.length })}>
        <table class="small">
          <thead><tr><th scope="col">{t("results.quantity")}</th><th scope="col">{t("results.files")}</th><th scope="col" class="number">{t("results.stated")}</th><th scope="col" class="number">{t("results.pixel")}</th></tr></thead>
          <tbody>{told.inputs.map((each) => (
            <tr key={each.var}><th scope="row" class="row-head">{said(each.title)}</th><td>{said(each.files) || "–"}</td><td class="number">{each.completeness === null ? "–" : `${number(100 * each.completeness, 3)}%`}</td><td class="number">{each.native === null ? "–" : `${number(each.native, 3)} m`}</td></tr>
          ))}</tbody>
        </table>
      </div>
    </details>
  );
}
