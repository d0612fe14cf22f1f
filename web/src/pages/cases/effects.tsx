/** What a measure did across cases, how far that may be carried to my place, and the way to try it there. */

import { Loading } from "../../components/loading";
import type { Said } from "../../lib/api";
import { useFetched } from "../../lib/fetched";
import { hashOf, place, setQuery } from "../../lib/router";
import { studies } from "../../lib/session";
import { said, t } from "../../lib/texts";
import { inUnit } from "./compared";
import { PlaceChoice, withRuns } from "./place_choice";
import type { Catalogue, Spread, Transfer } from "./types";

export function Effects() {
  const known = useFetched<Catalogue>("/api/cases");
  const measures = known.value?.facets.find((each) => each.facet === "measure")?.values ?? [];
  const asked = place.value.query.get("measure") ?? "";
  const measure = measures.some((each) => each.value === asked) ? asked : [...measures].sort((one, other) => other.count - one.count)[0]?.value ?? "";
  const chosen = place.value.query.get("at") ?? (withRuns()[0] ? `study:${withRuns()[0]!.id}` : "");
  const study = chosen.startsWith("study:") ? chosen.slice("study:".length) : "";
  const path = `/case-effects/${encodeURIComponent(measure)}`;
  const found = useFetched<Transfer>(measure === "" ? null : study ? `/api/studies/${encodeURIComponent(study)}/runs/latest${path}` : `/api${path}`);
  if (known.value === null) return <p class="empty" role="status">{known.busy ? <Loading /> : ""}</p>;
  if (measure === "") return <p class="empty">{t("cases.no_measures")}</p>;
  return (
    <>
      <div class="row no-print">
        <label class="row">{t("cases.measure")} <select value={measure} onChange={(event) => setQuery({ measure: event.currentTarget.value })}>{measures.map((each) => <option key={each.value} value={each.value}>{said(each.title)}</option>)}</select></label>
        <PlaceChoice label={t("cases.my_place")} chosen={chosen} choose={(at) => setQuery({ at })} cases={[]} none={t("cases.no_place")} />
        {study && studies.value.some((each) => each.id === study && each.role !== "viewer" && each.role !== "reviewer") && <a class="button" href={hashOf({ study, page: "plan", query: { measure } })}>{t("cases.try_it")}</a>}
      </div>
      {found.value === null ? <p class="empty" role="status">{found.busy ? <Loading /> : ""}</p> : <Told found={found.value} />}
    </>
  );
}

function Told({ found }: { found: Transfer }) {
  const reach = (unit: Said) => Math.max(...found.effects.filter((each) => said(each.unit) === said(unit)).flatMap((each) => each.cases.map((one) => Math.abs(one.value))), 0);
  return (
    <>
      <p class="soft small">{t("cases.effects_hint")}</p>
      <ul class="limits small">{found.limits.map((each: Said) => <li key={said(each)}>{said(each)}</li>)}</ul>
      {found.effects.length === 0 ? <p class="empty">{t("cases.no_effects")}</p> : (
        <div class="scroll" tabIndex={0} role="group" aria-label={said(found.title)}>
          <table class="units-below">
            <caption>{said(found.title)}</caption>
            <thead><tr><th scope="col">{t("cases.indicator")}</th><th scope="col">{t("cases.unit")}</th><th scope="col" class="number">{t("cases.n")}</th><th scope="col" class="number ends">{t("cases.least")}</th><th scope="col" class="number">{t("cases.median")}</th><th scope="col" class="number ends">{t("cases.most")}</th><th scope="col">{t("cases.each_case")}</th></tr></thead>
            <tbody>{found.effects.map((each) => (
              <tr key={`${each.indicator} ${said(each.unit)}`}>
                <th scope="row" class="row-head" data-unit={said(each.unit)}>{said(each.title)}</th><td class="unit">{said(each.unit) || "–"}</td><td class="number">{each.n}</td><td class="number ends">{inUnit(each.least, each.unit)}</td>
                <td class="number">{inUnit(each.median, each.unit)}{each.lower !== null && each.upper !== null && <span class="soft small block">{inUnit(each.lower, each.unit)} – {inUnit(each.upper, each.unit)}</span>}</td>
                <td class="number ends">{inUnit(each.most, each.unit)}</td>
                <td class="small each-case"><Strip of={each} reach={reach(each.unit)} /><Points of={each} />{!each.same_sign && <> <span class="badge warn">{t("cases.signs_differ")}</span></>}</td>
              </tr>
            ))}</tbody>
          </table>
        </div>
      )}
    </>
  );
}

/** Every case as a point on a line about zero as long as the largest effect in its unit; quartiles, where there are enough cases, as a bar behind. The words beside say the same. */
function Strip({ of, reach }: { of: Spread; reach: number }) {
  const x = (value: number) => 100 * Math.max(-1, Math.min(1, reach > 0 ? value / reach : 0));
  return (
    <svg class="strip" viewBox="-108 0 216 16" aria-hidden="true">
      <path d="M-100 8H100M0 1V15" />
      {of.lower !== null && of.upper !== null && <rect x={x(of.lower)} y={4} width={x(of.upper) - x(of.lower)} height={8} />}
      {of.cases.map((one) => <circle key={one.case} cx={x(one.value)} cy={8} r={4} />)}
    </svg>
  );
}

/** Every case with its value and its band, a line each. */
function Points({ of }: { of: Spread }) {
  const band = (one: Spread["cases"][number]) =>
    one.guessed ? `${said({ en: " (", zh: "（" })}${t("cases.no_band")}${said({ en: ")", zh: "）" })}` : one.low !== null && one.high !== null && one.low !== one.high ? ` [${inUnit(one.low, of.unit)}, ${inUnit(one.high, of.unit)}]` : "";
  return <ul class="points">{of.cases.map((one) => <li key={one.case}><strong>{inUnit(one.value, of.unit)}</strong>{band(one)} {said(one.title) || one.case}</li>)}</ul>;
}
