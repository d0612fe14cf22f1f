/** Two runs of the study: what moved, what left its band, and which inputs, factors, models and settings differ. */

import { Loading } from "../../components/loading";
import type { Said } from "../../lib/api";
import { useFetched } from "../../lib/fetched";
import { ofRun } from "../../lib/of_run";
import { place, setQuery } from "../../lib/router";
import { run, study } from "../../lib/session";
import { language, said, t } from "../../lib/texts";
import { strandsOf } from "../results/types";
import { Change } from "./alternatives";
import { difference, relative } from "./change";

interface Moved {
  alternative: string; alternative_title: Said; indicator: string; title: Said; strand: string; unit: Said; one: number | null; other: number | null; difference: number | null;
  one_said: Said; other_said: Said; beyond: boolean; worse: boolean; band: Said; layers: Said[]; factors: string[]; models: Said[];
}
interface Cause { part: string; name: string; one: string; other: string }
interface Comparison { one: string; other: string; alternatives: Record<string, Said>; changes: Moved[]; causes: Cause[]; causes_all: number }

export function Runs() {
  const others = (study.value?.runs ?? []).filter((each) => each !== run.value);
  const asked = place.value.query.get("earlier") ?? "";
  const before = others.includes(asked) ? asked : others.find((each) => Number(each) < Number(run.value)) ?? others[0] ?? "";
  const found = useFetched<Comparison>(before ? ofRun(`/comparison/${encodeURIComponent(run.value)}`, before) : null);
  if (!before) return <p class="empty">{t("compare.one_run")}</p>;
  return (
    <>
      <label class="row no-print">{t("compare.earlier")} <select value={before} onChange={(event) => setQuery({ earlier: event.currentTarget.value })}>{others.map((each) => <option key={each} value={each}>{each}</option>)}</select></label>
      {found.value === null ? <p class="empty" role="status">{found.busy ? <Loading /> : t(found.failed ? "not_loaded" : "compare.none")}</p> : <Told found={found.value} />}
    </>
  );
}

function Told({ found }: { found: Comparison }) {
  const moved = found.changes.filter((each) => each.difference !== null && each.difference !== 0);
  const beyond = moved.filter((each) => each.beyond);
  return (
    <>
      <p role="status">{moved.length === 0 ? t("compare.runs_same", { one: found.one, other: found.other, count: found.changes.length }) : t("compare.runs_moved", { count: moved.length, all: found.changes.length, beyond: beyond.length })}</p>
      {strandsOf(moved).map((strand) => (
        <div key={strand} class="scroll" tabIndex={0} role="group" aria-label={t(`results.strand_${strand}`)}>
          <table>
            <caption>{t(`results.strand_${strand}`)}</caption>
            <thead><tr><th scope="col">{t("results.indicator")}</th><th scope="col">{t("results.alternative")}</th><th scope="col">{t("results.unit")}</th><th scope="col" class="number">{found.one}</th><th scope="col" class="number">{found.other}</th><th scope="col" class="number">{t("compare.difference")}</th><th scope="col">{t("compare.effect")}</th><th scope="col">{t("compare.behind")}</th></tr></thead>
            <tbody>{moved.filter((each) => each.strand === strand).map((each) => (
              <tr key={`${each.alternative}/${each.indicator}`}>
                <th scope="row" class="row-head">{said(each.title)}</th><td>{said(each.alternative_title)}</td><td>{said(each.unit)}</td>
                <td class="number">{said(each.one_said)}{said(each.band) && <span class="soft small block">{said(each.band)}</span>}</td><td class="number">{said(each.other_said)}</td><td class="number">{difference({ value: each.one, said: said(each.one_said) }, { value: each.other, said: said(each.other_said) })}</td>
                <td><Change share={relative(each.one, each.other, said(each.unit))} good={each.worse ? "worse" : ""} />{each.beyond && said(each.band) && <span class="badge bad">{t("compare.beyond")}</span>}</td>
                <td class="small">{behind(each)}</td>
              </tr>
            ))}</tbody>
          </table>
        </div>
      ))}
      <h2>{t("compare.causes")}</h2>
      {found.causes.length === 0 ? <p class="soft">{t("compare.no_causes")}</p> : (
        <div class="scroll tall" tabIndex={0} role="group" aria-label={t("compare.causes")}>
          <table>
            <caption class="hidden">{t("compare.causes")}</caption>
            <thead><tr><th scope="col">{t("compare.part")}</th><th scope="col">{t("compare.what")}</th><th scope="col">{found.one}</th><th scope="col">{found.other}</th></tr></thead>
            <tbody>{found.causes.map((each, at) => <tr key={at}><td>{t(`compare.part_${each.part}`)}</td><th scope="row" class="row-head code">{each.name}</th><td class="code">{shortened(each.one)}</td><td class="code">{shortened(each.other)}</td></tr>)}</tbody>
          </table>
        </div>
      )}
      {found.causes_all > found.causes.length && <p class="soft small">{t("blocks.left_out", { count: found.causes_all - found.causes.length })}</p>}
    </>
  );
}

const LONGEST = 60;

/** A long value is cut: keys of files have 64 letters, settings may have thousands. */
export function shortened(text: string): string {
  return text === "" ? "–" : text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function behind(each: Moved): string {
  const parts = [...each.layers.map(said), ...each.factors, ...each.models.map(said)];
  const shown = parts.slice(0, 5).join(language.value === "zh" ? "、" : ", ");
  return parts.length > 5 ? t("compare.and_more", { shown, count: parts.length - 5 }) : shown || "–";
}
