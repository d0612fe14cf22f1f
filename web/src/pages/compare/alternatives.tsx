/** Two alternatives of a run: every indicator of both, their difference, and whether it is a gain. */

import { Loading } from "../../components/loading";
import { useFetched } from "../../lib/fetched";
import { ofRun } from "../../lib/of_run";
import { oneStop } from "../../lib/one_stop";
import { nameClass } from "../../lib/names";
import { hashOf, place, setQuery } from "../../lib/router";
import { run, study } from "../../lib/session";
import { language, said, t } from "../../lib/texts";
import { strandsOf, type Indicator, type Results } from "../results/types";
import { difference, gain, percent, relative, same } from "./change";

export function Alternatives() {
  const found = useFetched<Results>(ofRun("/results"));
  if (found.value === null) return <p class="empty" role="status">{found.busy ? <Loading /> : t(found.failed ? "not_loaded" : "results.none")}</p>;
  const results = found.value, names = Object.keys(results.alternatives);
  const query = place.value.query;
  const one = names.includes(query.get("one") ?? "") ? query.get("one")! : names[0]!;
  const other = names.includes(query.get("other") ?? "") ? query.get("other")! : names[names.length - 1]!;
  const moved = query.get("all") === null;
  const rows = results.indicators.filter((row) => row.values[one] && row.values[other] && (!moved || !same(row.values[one]!.value, row.values[other]!.value)));
  const choice = (key: string, value: string) => (
    <label>{t(`compare.${key}`)} <select value={value} onChange={(event) => setQuery({ [key]: event.currentTarget.value })}>{names.map((each) => <option key={each} value={each}>{said(results.alternatives[each])}</option>)}</select></label>
  );
  return (
    <>
      <div class="row no-print">{choice("one", one)}{choice("other", other)}
        <label><input type="checkbox" checked={moved} onChange={(event) => setQuery({ all: event.currentTarget.checked ? "" : "1" })} /> {t("compare.moved_only")}</label>
        <span class="soft" role="status">{t("results.count", { count: rows.length, all: results.indicators.length })}</span></div>
      {rows.length === 0 && <p class="empty">{t("compare.same")}</p>}
      {strandsOf(rows).map((strand) => (
        <div key={strand} class="scroll" tabIndex={0} role="group" aria-label={t(`results.strand_${strand}`)}>
          <table ref={oneStop} class="units-below pair">
            <caption>{t(`results.strand_${strand}`)}</caption>
            <thead><tr><th scope="col">{t("results.indicator")}</th><th scope="col">{t("results.unit")}</th><th scope="col" class={`number${nameClass(said(results.alternatives[one]))}`}>{said(results.alternatives[one])}</th><th scope="col" class={`number${nameClass(said(results.alternatives[other]))}`}>{said(results.alternatives[other])}</th><th scope="col" class="number">{t("compare.difference")}</th><th scope="col">{t("compare.effect")}</th></tr></thead>
            <tbody>{rows.filter((row) => row.strand === strand).map((row) => <Row key={row.id} row={row} one={one} other={other} />)}</tbody>
          </table>
        </div>
      ))}
    </>
  );
}

function Row({ row, one, other }: { row: Indicator; one: string; other: string }) {
  const [a, b] = [row.values[one]!, row.values[other]!];
  const share = relative(a.value, b.value, said(row.unit)), good = gain(row.direction, a.value, b.value, said(a.said) === said(b.said));
  return (
    <tr>
      <th scope="row" class="row-head" data-unit={said(row.unit)}><a href={hashOf({ study: study.value!.id, page: "results", query: { run: run.value, indicator: row.id } })}>{said(row.title)}</a></th>
      <td class="unit">{said(row.unit)}</td><td class="number">{said(a.said)}</td><td class="number">{said(b.said)}</td>
      <td class={`number gap ${good}`} data-change={share === null ? "" : percent(share)}>{difference({ value: a.value, said: said(a.said) }, { value: b.value, said: said(b.said) }, row.scale[language.value] ?? 1)}</td>
      <td><Change share={share} good={good} /></td>
    </tr>
  );
}

/** A change as a bar from the middle, with its share in words. */
export function Change({ share, good }: { share: number | null; good: "better" | "worse" | "" }) {
  const reach = share === null ? 0 : Math.min(1, Math.abs(share));
  const text = share === null ? "–" : percent(share);
  return (
    <span class={`change ${good}`}>
      <svg viewBox="-50 0 100 10" width="90" height="10" aria-hidden="true"><rect x={share !== null && share < 0 ? -50 * reach : 0} y="1" width={50 * reach} height="8" /><path d="M0 0V10" /></svg>
      <span>{text}{good && ` · ${t(`compare.${good}`)}`}</span>
    </span>
  );
}
