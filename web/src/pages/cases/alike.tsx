/** Places like mine: the nearest cases, and why, feature by feature. */

import { Loading } from "../../components/loading";
import { useFetched } from "../../lib/fetched";
import { oneStop } from "../../lib/one_stop";
import { place, setQuery, step } from "../../lib/router";
import { amount, pair, said, series, t } from "../../lib/texts";
import { inUnit } from "./compared";
import { PlaceChoice, placeAt, withRuns } from "./place_choice";
import type { Alike, Catalogue } from "./types";

export function Alikes() {
  const known = useFetched<Catalogue>("/api/cases");
  const cases = known.value?.cases ?? [];
  const first = withRuns()[0] ? `study:${withRuns()[0]!.id}` : cases[0] ? `case:${cases[0].name}` : "";
  const chosen = place.value.query.get("of") ?? first;
  const found = useFetched<Alike[]>(placeAt(chosen, "/alike"));
  return (
    <>
      <PlaceChoice label={t("cases.like_what")} chosen={chosen} choose={(of) => setQuery({ of })} cases={cases} />
      <p class="soft small">{t("cases.like_hint")}</p>
      {found.value === null ? <p class="empty" role="status">{found.busy ? <Loading /> : t("cases.none_alike")}</p> : found.value.length === 0 ? <p class="empty">{t("cases.none_alike")}</p> : (
        <ol class="plain-list found" ref={oneStop}>{found.value.map((each) => <li key={each.name}><Near each={each} /></li>)}</ol>
      )}
    </>
  );
}

function Near({ each }: { each: Alike }) {
  const title = said(each.title) || each.name;
  return (
    <article class="card">
      <h2><button type="button" class="link" onClick={() => step({ part: "catalogue", case: each.name })}>{title}</button> <span class="badge">{t("cases.distance")} {each.distance.toFixed(2)}</span> {each.synthetic && <span class="badge warn">{t("cases.synthetic")}</span>}</h2>
      <div class="scroll" tabIndex={0} role="group" aria-label={title}>
        <table>
          <caption class="hidden">{title}</caption>
          <thead><tr><th scope="col">{t("cases.feature")}</th><th scope="col">{t("cases.group")}</th><th scope="col" class="number">{t("cases.here")}</th><th scope="col" class="number">{t("cases.there")}</th><th scope="col">{t("cases.unit")}</th><th scope="col" class="number">{t("cases.distance")}</th></tr></thead>
          <tbody>{each.terms.map((term) => <tr key={term.feature}><th scope="row" class="row-head">{said(term.title)}</th><td>{said(term.group)}</td><td class="number">{inUnit(term.here, {})}</td><td class="number">{inUnit(term.there, {})}</td><td>{said(term.unit)}</td><td class="number">{amount(term.distance, 2)}</td></tr>)}</tbody>
        </table>
      </div>
      {each.lacking.length > 0 && <p class="small soft">{t("cases.lacking", { names: series(each.lacking.map(said)) })}</p>}
      <p class="small row tight">{pair(t("cases.tried"), "")}{each.measures.length === 0 ? t("cases.nothing_tried") : each.measures.map(([id, name]) => <button key={id} type="button" class="link" onClick={() => step({ part: "effects", measure: id })}>{said(name)}</button>)}</p>
    </article>
  );
}
