/** A pathway year by year on a slider; two of its years, or two events of different climates, side by side. */

import { Loading } from "../../components/loading";
import type { Said } from "../../lib/api";
import { Line } from "../../components/line";
import { useFetched } from "../../lib/fetched";
import { nameClass } from "../../lib/names";
import { ofRun } from "../../lib/of_run";
import { place, setQuery } from "../../lib/router";
import { said, t } from "../../lib/texts";
import { difference, percent, relative } from "./change";
import { both, moving, type Moment, type Side } from "./moments";

interface Years { alternatives: Record<string, Said>; pathway: Side; events: Side }

export function YearsOf() {
  const found = useFetched<Years>(ofRun("/years"));
  if (found.value === null) return <p class="empty" role="status">{found.busy ? <Loading /> : t(found.failed ? "not_loaded" : "results.none")}</p>;
  const { alternatives, pathway, events } = found.value;
  if (pathway.rows.length + events.rows.length === 0) return <p class="empty">{t("compare.no_years")}</p>;
  const names = Object.keys(alternatives), asked = place.value.query.get("of") ?? "";
  const chosen = names.includes(asked) ? asked : names[names.length - 1]!;
  const oneClimate = new Set(events.moments.map((each) => each.horizon)).size < 2;
  return (
    <>
      <div class="row no-print"><label>{t("compare.alternative")} <select value={chosen} onChange={(event) => setQuery({ of: event.currentTarget.value })}>{names.map((each) => <option key={each} value={each}>{said(alternatives[each])}</option>)}</select></label></div>
      {pathway.rows.length === 0 ? <p class="soft small">{t("compare.no_years")}</p> : <><Course side={pathway} alternatives={alternatives} chosen={chosen} /><Pair id="year" title={t("compare.two_years")} side={pathway} alternative={chosen} /></>}
      {events.rows.length === 0 ? <p class="soft small">{t("compare.no_horizons")}</p> : <Pair id="event" title={t("compare.horizons")} side={events} alternative={chosen} hint={oneClimate ? t("compare.one_climate") : ""} />}
    </>
  );
}

/** A year on a slider: each quantity of the pathway in every alternative then, and the course of the chosen one. */
function Course({ side, alternatives, chosen }: { side: Side; alternatives: Record<string, Said>; chosen: string }) {
  const years = side.moments.map((each) => each.horizon ?? Number(each.id)), last = years.length - 1;
  const asked = years.indexOf(Number(place.value.query.get("year")));
  const at = asked < 0 ? last : asked, year = side.moments[at]!.id;
  const rows = moving(side, chosen);
  const of = (quantity: string, name: string) => side.rows.find((each) => each.quantity === quantity && each.alternative === name)?.values[year];
  const told = t("compare.in_year", { year, alternative: said(alternatives[chosen]), from: years[0]!, to: years[last]! });
  return (
    <section aria-labelledby="pathway-course">
      <h2 id="pathway-course">{t("compare.pathway")}</h2>
      {last > 0 && <label class="year no-print"><span>{t("compare.year")} <output>{year}</output></span>
        <input type="range" min={0} max={last} step={1} value={at} aria-label={t("compare.year")} aria-valuetext={year} onInput={(event) => setQuery({ year: side.moments[Number(event.currentTarget.value)]!.id })} /></label>}
      <p class="soft small">{told}</p>
      <div class="scroll tall" tabIndex={0} role="group" aria-label={t("compare.pathway")}>
        <table class="course units-below">
          <caption class="hidden">{told}</caption>
          <thead><tr><th scope="col">{t("results.indicator")}</th><th scope="col">{t("results.unit")}</th>{Object.entries(alternatives).map(([name, title]) => <th key={name} scope="col" class={`number${nameClass(said(title))}`}>{said(title)}</th>)}</tr></thead>
          <tbody>{rows.map((row) => {
            const values = side.moments.map((each) => row.values[each.id]?.value ?? null), [first, end] = [row.values[side.moments[0]!.id], row.values[side.moments[last]!.id]];
            const label = t("compare.line", { title: said(row.title), first: said(first?.said), last: said(end?.said), unit: said(row.unit), from: years[0]!, to: years[last]! });
            return (
              <tr key={row.quantity} data-course={row.quantity}>
                <th scope="row" class="row-head" data-unit={said(row.unit)}>{said(row.title)}<Line at={years} values={values} mark={years[at]!} marked={values[at] ?? null} from={years[0]!} to={years[last]!} label={label} /></th><td class="unit">{said(row.unit)}</td>
                {Object.keys(alternatives).map((name) => <td key={name} class="number">{said(of(row.quantity, name)?.said) || "–"}</td>)}
              </tr>
            );
          })}</tbody>
        </table>
      </div>
    </section>
  );
}

function Pair({ id, title, side, alternative, hint = "" }: { id: string; title: string; side: Side; alternative: string; hint?: string }) {
  const query = place.value.query, ids = side.moments.map((each) => each.id);
  const asked = (key: string, otherwise: string) => { const name = query.get(key) ?? ""; return ids.includes(name) ? name : otherwise; };
  const one = asked(`${id}_one`, ids[0]!), other = asked(`${id}_other`, ids[ids.length - 1]!);
  const rows = both(side, alternative, one, other);
  const name = (moment: string) => said(side.moments.find((each) => each.id === moment)!.title);
  const choice = (key: string, label: string, value: string) => (
    <label>{label} <select value={value} data-moment={key} onChange={(event) => setQuery({ [key]: event.currentTarget.value })}>{side.moments.map((each: Moment) => <option key={each.id} value={each.id}>{said(each.title)}</option>)}</select></label>
  );
  return (
    <section aria-labelledby={`${id}-pair`}>
      <h2 id={`${id}-pair`}>{title}</h2>
      <div class="row no-print compare-pair">{choice(`${id}_one`, t("compare.one"), one)}{choice(`${id}_other`, t("compare.other"), other)}</div>
      {hint && <p class="soft small">{hint}</p>}
      <div class="scroll tall" tabIndex={0} role="group" aria-label={title}>
        <table class="units-below">
          <caption class="hidden">{title}</caption>
          <thead><tr><th scope="col">{t("results.indicator")}</th><th scope="col">{t("results.unit")}</th><th scope="col" class={`number${nameClass(name(one))}`}>{name(one)}</th><th scope="col" class={`number${nameClass(name(other))}`}>{name(other)}</th><th scope="col" class="number">{t("compare.difference")}</th><th scope="col" class="number">{t("compare.share")}</th></tr></thead>
          <tbody>{rows.map((row) => {
            const [a, b] = [row.values[one]!, row.values[other]!], share = relative(a.value, b.value, said(row.unit));
            return (
              <tr key={row.quantity} data-quantity={row.quantity}>
                <th scope="row" class="row-head" data-unit={said(row.unit)}>{said(row.title)}</th><td class="unit">{said(row.unit)}</td><td class="number">{said(a.said)}</td><td class="number">{said(b.said)}</td>
                <td class="number">{difference({ value: a.value, said: said(a.said) }, { value: b.value, said: said(b.said) })}</td><td class="number">{share === null ? "–" : percent(share)}</td>
              </tr>
            );
          })}</tbody>
        </table>
      </div>
    </section>
  );
}
