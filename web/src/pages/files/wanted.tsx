/** What the study compares with the existing state: its plan built, a portfolio within a budget; added to study.toml. */

import { useState } from "preact/hooks";
import { api, type Said } from "../../lib/api";
import { useFetched } from "../../lib/fetched";
import { tell, tellError } from "../../lib/messages";
import { ofStudy } from "../../lib/of_run";
import { loadStudies, study } from "../../lib/session";
import { said, t } from "../../lib/texts";
import { editable, load, pending, set, settings, valueAt } from "./state";

interface WantedState { planned: boolean; portfolio: boolean; year: number; currency: string; indicators: { indicator: string; title: Said; unit: Said; strand: string }[]; measures: { name: string; title: Said }[] }

export function Wanted() {
  const found = useFetched<WantedState>(settings.value && settings.value.troubles.length === 0 ? ofStudy("/wanted") : null);
  const now = found.value;
  if (now === null) return null;
  const add = async (part: string, body: Record<string, unknown>) => {
    const { version, digest } = settings.value!, id = study.value!.id;
    try {
      await api.post(ofStudy(`/wanted/${part}`)!, { version, digest, ...body });
      tell("done", () => t("wanted.added"));
      await Promise.all([study.value?.id === id ? load(id) : undefined, loadStudies()]);
      found.reload();
    } catch (fault) {
      tellError(fault);
    }
  };
  const open = pending.value.size > 0;
  return (
    <section aria-labelledby="wanted">
      <h2 id="wanted">{t("wanted.title")}</h2>
      {open && <p class="soft small">{t("wanted.write_first")}</p>}
      <div class="card">
        <h3>{t("wanted.plan")}</h3>
        {now.planned ? <Asked said={t("wanted.has_plan")} of={[["alternatives", "as_planned"]]} /> : <Plan year={now.year} disabled={open} add={add} />}
      </div>
      <div class="card">
        <h3>{t("wanted.portfolio")}</h3>
        {now.portfolio ? <Asked said={t("wanted.has_portfolio")} of={[["budget"], ["alternatives", "chosen"]]} /> : <Portfolio now={now} disabled={open} add={add} />}
      </div>
    </section>
  );
}

/** What is asked for already, and the way back: its entries are taken out of study.toml, as a change that is written or dropped. */
function Asked({ said: told, of }: { said: string; of: string[][] }) {
  const there = of.filter((at) => valueAt(at) !== undefined && valueAt(at) !== null);
  return <p class="row"><span>{told}</span>{editable.value && there.length === of.length && <button type="button" class="small" onClick={() => of.forEach((at) => set(at, null))}>{t("wanted.take_out")}</button>}</p>;
}

type Add = (part: string, body: Record<string, unknown>) => Promise<void>;

function Plan({ year, disabled, add }: { year: number; disabled: boolean; add: Add }) {
  const [until, setUntil] = useState(String(year));
  return (
    <form onSubmit={(event) => { event.preventDefault(); void add("plan", { year: Number(until) }); }}>
      <p class="small soft">{t("wanted.plan_hint")}</p>
      {editable.value && <div class="row"><label class="row">{t("wanted.year")} <input type="number" required min={1900} max={2200} step={1} value={until} onInput={(event) => setUntil(event.currentTarget.value)} /></label><button disabled={disabled}>{t("wanted.add_plan")}</button></div>}
    </form>
  );
}

function Portfolio({ now, disabled, add }: { now: WantedState; disabled: boolean; add: Add }) {
  const [indicator, setIndicator] = useState(now.indicators[0]?.indicator ?? "");
  const [target, setTarget] = useState("");
  const [total, setTotal] = useState("");
  const [currency, setCurrency] = useState(now.currency);
  const [candidates, setCandidates] = useState<string[]>([]);
  const [pairs, setPairs] = useState(true);
  const chosen = now.indicators.find((each) => each.indicator === indicator);
  const turn = (name: string) => setCandidates(candidates.includes(name) ? candidates.filter((each) => each !== name) : [...candidates, name]);
  if (!editable.value) return <p class="small soft">{t("wanted.portfolio_hint")}</p>;
  return (
    <form class="wanted" onSubmit={(event) => { event.preventDefault(); void add("portfolio", { indicator, target: Number(target), total: Number(total), currency, candidates, pairs }); }}>
      <p class="small soft">{t("wanted.portfolio_hint")}</p>
      <div class="row">
        <label class="field"><span>{t("wanted.indicator")}</span><select value={indicator} onChange={(event) => setIndicator(event.currentTarget.value)}>
          {["lowcarbon", "resilience", "biodiversity"].map((strand) => <optgroup key={strand} label={t(`results.strand_${strand}`)}>{now.indicators.filter((each) => each.strand === strand).map((each) => <option key={each.indicator} value={each.indicator}>{said(each.title)}</option>)}</optgroup>)}
        </select></label>
        <label class="field"><span>{said(chosen?.unit ?? {}) ? t("wanted.target", { unit: said(chosen!.unit) }) : t("wanted.target_plain")}</span><input type="number" required step="any" value={target} onInput={(event) => setTarget(event.currentTarget.value)} /></label>
        <label class="field"><span>{t("wanted.total")}</span><input type="number" required min={1} step="any" value={total} onInput={(event) => setTotal(event.currentTarget.value)} /></label>
        <label class="field"><span>{t("wanted.currency")}</span><input required pattern="[A-Z]{3}" maxLength={3} size={5} value={currency} onInput={(event) => setCurrency(event.currentTarget.value.toUpperCase())} /></label>
      </div>
      <fieldset><legend>{t("wanted.candidates")}</legend>{now.measures.map((each) => <label key={each.name} class="tick"><input type="checkbox" checked={candidates.includes(each.name)} onChange={() => turn(each.name)} /> {said(each.title)}</label>)}</fieldset>
      <p><label class="tick"><input type="checkbox" checked={pairs} onChange={(event) => setPairs(event.currentTarget.checked)} /> {t("wanted.pairs")}</label></p>
      <button disabled={disabled}>{t("wanted.add_portfolio")}</button>
    </form>
  );
}
