/** Measures of the draft: those of its base, those placed, and one more placed on parcels, a drawn area, or by rule. */

import { useState } from "preact/hooks";
import { place } from "../../lib/router";
import { language, said, series, t } from "../../lib/texts";
import { randomId, type Field, type Measure, type Site } from "./model";
import { chosen, draft, editable, plan, send } from "./state";
import { area, drawing } from "./drawing";
import { measureTitle, siteOf, unitTitle } from "./words";

type Where = "parcels" | "area" | "units" | "rule";

export function Measures() {
  const known = plan.value!, now = draft.value!;
  const base = known.alternatives[now.base]?.measures ?? [];
  return (
    <details class="plan-part" open>
      <summary><h2>{t("plan.measures")}</h2></summary>
      <ul class="plan-measures">
        {base.map((each) => {
          const gone = now.removed.includes(each.placement);
          return (
            <li key={each.placement}>
              {gone ? <s>{said(each.title)}</s> : <span>{said(each.title)}</span>} <span class="soft small">{[t("plan.of_base"), paramText(each.params)].filter(Boolean).join(" · ")}</span>
              {editable.value && !gone && <button type="button" class="plan-link" aria-label={t("plan.remove", { what: said(each.title) })} onClick={() => void send({ kind: "remove", placement: each.placement })}>×</button>}
            </li>
          );
        })}
        {now.placed.map((each) => (
          <li key={each.placement}>
            <span>{measureTitle(known, each.measure)}</span> <span class="soft small">{[siteOf(known, each.site), paramText(each.params)].filter(Boolean).join(" · ")}</span>
            {editable.value && <button type="button" class="plan-link" aria-label={t("plan.remove", { what: measureTitle(known, each.measure) })} onClick={() => void send({ kind: "remove", placement: each.placement })}>×</button>}
          </li>
        ))}
        {base.length + now.placed.length === 0 && <li class="soft small">{t("plan.no_measures")}</li>}
      </ul>
      {editable.value && <Placer />}
    </details>
  );
}

const paramText = (params: Record<string, unknown>): string =>
  series(Object.entries(params).filter(([, value]) => typeof value !== "object").map(([name, value]) => `${fieldTitle(name)} ${String(value)}`));

function fieldTitle(name: string): string {
  const found = plan.value!.measures.flatMap((each) => each.fields).find((each) => each.name === name);
  // Measures that are of the base alone are not among those that can be placed.
  return found ? said(found.title) : name === "year" ? t("plan.field.year") : name;
}

/** The measure that another page asks to try, where the study knows it. */
function askedMeasure(): string {
  const asked = place.value.query.get("measure");
  return plan.value!.measures.find((each) => each.name === asked)?.name ?? "";
}

function Placer() {
  const known = plan.value!;
  const [name, setName] = useState(askedMeasure() || (known.measures[0]?.name ?? ""));
  const [where, setWhere] = useState<Where>("parcels");
  const [units, setUnits] = useState<string[]>([]);
  const [params, setParams] = useState<Record<string, string>>({});
  const measure = known.measures.find((each) => each.name === name);
  if (!measure) return null;
  const way: Where = measure.on_land || where === "rule" || where === "units" ? where : "rule";
  const site: Site = { parcels: way === "parcels" ? chosen.value : [], area: way === "area" ? area.value : [], units: way === "units" ? units : [] };
  const placed = way === "rule" || site.parcels.length > 0 || site.area.length >= 3 || site.units.length > 0;
  const lacking = measure.fields.filter((each) => each.required && !params[each.name]?.trim());
  const place = async () => {
    const sent = area.value;
    await send({ kind: "place", placement: randomId(), measure: name, site, params: read(measure, params) });
    if (area.value === sent) area.value = [];
    setParams({});
  };
  return (
    <fieldset class="plan-placer">
      <legend>{t("plan.place")}</legend>
      <label class="plan-field"><span>{t("plan.measure")}</span>
        <select value={name} onChange={(event) => { setName(event.currentTarget.value); setParams({}); }}>
          {known.measures.map((each) => <option key={each.name} value={each.name}>{said(each.title)}</option>)}
        </select>
      </label>
      <label class="plan-field"><span>{t("plan.where")}</span>
        <select value={way} onChange={(event) => setWhere(event.currentTarget.value as Where)}>
          <option value="parcels" disabled={!measure.on_land}>{t("plan.on_parcels", { count: chosen.value.length })}</option>
          <option value="area" disabled={!measure.on_land}>{t("plan.on_area")}</option>
          {known.units.length > 0 && <option value="units">{t("plan.in_units")}</option>}
          <option value="rule">{t("plan.by_rule")}</option>
        </select>
      </label>
      {!measure.on_land && <p class="soft small">{t("plan.not_on_land")}</p>}
      {way === "area" && (
        <div class="row small">
          <button type="button" class="plan-small" aria-pressed={drawing.value} onClick={() => { area.value = []; drawing.value = !drawing.value; }}>{t(drawing.value ? "plan.drawing" : "plan.draw")}</button>
          <span role="status">{area.value.length >= 3 ? t("plan.area_ready", { count: area.value.length }) : t("plan.draw_hint")}</span>
        </div>
      )}
      {way === "units" && (
        <label class="plan-field"><span>{t("plan.units")}</span>
          <select multiple size={Math.min(known.units.length, 6)} onChange={(event) => setUnits([...event.currentTarget.selectedOptions].map((each) => each.value))}>
            {known.units.map((each) => <option key={each} value={each} selected={units.includes(each)}>{unitTitle(known, each)}</option>)}
          </select>
        </label>
      )}
      {measure.fields.map((each) => <FieldInput key={each.name} field={each} value={params[each.name] ?? ""} set={(value) => setParams({ ...params, [each.name]: value })} />)}
      <button type="button" disabled={!placed || lacking.length > 0} onClick={() => void place()}>{t("plan.place_now")}</button>
      {!placed && way === "parcels" && <p class="soft small">{t("plan.choose_first")}</p>}
    </fieldset>
  );
}

function FieldInput({ field, value, set }: { field: Field; value: string; set: (value: string) => void }) {
  const label = `${said(field.title)}${field.unit && field.unit !== "-" ? ` [${field.unit}]` : ""}`;
  const given = field.default === null || field.default === undefined ? "" : String(field.default);
  const ends = [field.least, field.most].some((each) => each !== null) ? `${field.least ?? "–"} … ${field.most ?? "–"}` : "";
  const about = field.about.split("\n")[0];
  return (
    <label class="plan-field"><span>{label}{field.required ? " *" : ""}</span>
      {field.choices.length
        ? <select value={value || given} onChange={(event) => set(event.currentTarget.value)}>{field.choices.map((each) => <option key={each}>{each}</option>)}</select>
        : field.kind === "number" || field.kind === "integer"
          ? <input type="number" step="any" value={value} placeholder={given} {...(field.least === null ? {} : { min: field.least })} {...(field.most === null ? {} : { max: field.most })} onInput={(event) => set(event.currentTarget.value)} />
          : <input type="text" value={value} placeholder={given} onInput={(event) => set(event.currentTarget.value)} />}
      <span class="small soft">{ends}{language.value === "en" && field.name !== "share" && ` ${about}`}</span>
    </label>
  );
}

function read(measure: Measure, typed: Record<string, string>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const field of measure.fields) {
    const text = typed[field.name]?.trim();
    if (!text) continue;
    const numeric = field.kind === "number" || field.kind === "integer";
    found[field.name] = numeric ? Number(text) : field.kind === "boolean" ? text === "true" : field.kind === "array" ? text.split(/[,，]\s*/) : text;
  }
  return found;
}
