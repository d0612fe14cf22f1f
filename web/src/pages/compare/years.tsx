/** Two years of a pathway, or two events of different climates, side by side: every quantity that has a value at both. */

import type { Said } from "../../lib/api";
import { useFetched } from "../../lib/fetched";
import { ofRun } from "../../lib/of_run";
import { place, setQuery } from "../../lib/router";
import { number, said, t } from "../../lib/texts";
import { relative } from "./change";
import { both, type Moment, type Side } from "./moments";

interface Years { alternatives: Record<string, Said>; pathway: Side; events: Side }

export function YearsOf() {
  const found = useFetched<Years>(ofRun("/years"));
  if (found.value === null) return <p class="empty" role="status">{found.busy ? t("loading") : t("results.none")}</p>;
  const { alternatives, pathway, events } = found.value;
  if (pathway.rows.length + events.rows.length === 0) return <p class="empty">{t("compare.no_years")}</p>;
  const names = Object.keys(alternatives), asked = place.value.query.get("of") ?? "";
  const chosen = names.includes(asked) ? asked : names[names.length - 1]!;
  const oneClimate = new Set(events.moments.map((each) => each.horizon)).size < 2;
  return (
    <>
      <div class="row no-print"><label>{t("compare.alternative")} <select value={chosen} onChange={(event) => setQuery({ of: event.currentTarget.value })}>{names.map((each) => <option key={each} value={each}>{said(alternatives[each])}</option>)}</select></label></div>
      {pathway.rows.length === 0 ? <p class="soft small">{t("compare.no_years")}</p> : <Pair id="year" title={t("compare.pathway")} side={pathway} alternative={chosen} />}
      {events.rows.length === 0 ? <p class="soft small">{t("compare.no_horizons")}</p> : <Pair id="event" title={t("compare.horizons")} side={events} alternative={chosen} hint={oneClimate ? t("compare.one_climate") : ""} />}
    </>
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
        <table>
          <caption class="hidden">{title}</caption>
          <thead><tr><th scope="col">{t("results.indicator")}</th><th scope="col">{t("results.unit")}</th><th scope="col" class="number">{name(one)}</th><th scope="col" class="number">{name(other)}</th><th scope="col" class="number">{t("compare.difference")}</th><th scope="col" class="number">{t("compare.share")}</th></tr></thead>
          <tbody>{rows.map((row) => {
            const [a, b] = [row.values[one]!, row.values[other]!], share = relative(a.value, b.value);
            return (
              <tr key={row.quantity} data-quantity={row.quantity}>
                <th scope="row" class="row-head">{said(row.title)}</th><td class="unit">{said(row.unit)}</td><td class="number">{said(a.said)}</td><td class="number">{said(b.said)}</td>
                <td class="number">{a.value === null || b.value === null ? "–" : signed(b.value - a.value)}</td><td class="number">{share === null ? "–" : signed(100 * share)}</td>
              </tr>
            );
          })}</tbody>
        </table>
      </div>
    </section>
  );
}

const signed = (value: number): string => `${value > 0 ? "+" : value < 0 ? "−" : ""}${number(Math.abs(value), 3)}`;
