/** Two cases side by side: places, indicators of the first alternative, effects of measures that both tried. */

import { Loading } from "../../components/loading";
import type { Said } from "../../lib/api";
import { useFetched } from "../../lib/fetched";
import { place, setQuery } from "../../lib/router";
import { amount, said, t } from "../../lib/texts";
import type { Catalogue, Compared, Side } from "./types";

/** A number of a case in its unit: shares have one decimal, as in the report. */
export const inUnit = (each: number | Said | null, unit: Said): string => (each !== null && typeof each === "object" ? said(each) : amount(each, said(unit) === "%" ? 1 : null));

export function CompareCases() {
  const known = useFetched<Catalogue>("/api/cases");
  const cases = known.value?.cases ?? [];
  const names = cases.map((each) => each.name);
  const asked = (key: string, otherwise: string | undefined) => { const name = place.value.query.get(key) ?? ""; return names.includes(name) ? name : otherwise ?? ""; };
  const one = asked("one", names[0]);
  const other = asked("other", names.find((each) => each !== one));
  const found = useFetched<Compared>(one && other ? `/api/cases/${encodeURIComponent(one)}/compared/${encodeURIComponent(other)}` : null);
  if (known.value === null) return <p class="empty" role="status">{known.busy ? <Loading /> : ""}</p>;
  if (names.length < 2) return <p class="empty">{t("cases.two_needed")}</p>;
  const choice = (label: string, chosen: string, key: string) => (
    <label class="row">{label} <select value={chosen} onChange={(event) => setQuery({ [key]: event.currentTarget.value })}>{cases.map((each) => <option key={each.name} value={each.name}>{said(each.title) || each.name} ({each.name})</option>)}</select></label>
  );
  return (
    <>
      <div class="row no-print" role="group" aria-label={t("cases.pick_two")}>{choice(t("cases.one"), one, "one")}{choice(t("cases.other"), other, "other")}</div>
      {found.value === null ? <p class="empty" role="status">{found.busy ? <Loading /> : ""}</p> : <Both found={found.value} />}
    </>
  );
}

function Both({ found }: { found: Compared }) {
  return (
    <>
      <Rows title={t("cases.features_of")} rows={found.features} found={found} />
      <Rows title={t("cases.indicators")} rows={found.indicators} found={found} />
      {found.not_both > 0 && <p class="soft small">{t("cases.not_both", { count: found.not_both })}</p>}
      {found.effects.length > 0 && <Rows title={t("cases.shared_effects")} rows={found.effects} found={found} />}
    </>
  );
}

function Rows({ title, rows, found }: { title: string; rows: Side[]; found: Compared }) {
  return (
    <div class="scroll tall" tabIndex={0} role="group" aria-label={title}>
      <table>
        <caption>{title}</caption>
        <thead><tr><th scope="col"><span class="hidden">{title}</span></th><th scope="col">{t("cases.unit")}</th><th scope="col" class="number">{said(found.one)}</th><th scope="col" class="number">{said(found.other)}</th></tr></thead>
        <tbody>{rows.map((each, at) => <tr key={at}><th scope="row" class="row-head">{said(each.title)}</th><td class="unit">{said(each.unit)}</td><td class="number">{inUnit(each.one, each.unit)}</td><td class="number">{inUnit(each.other, each.unit)}</td></tr>)}</tbody>
      </table>
    </div>
  );
}
