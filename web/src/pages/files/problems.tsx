/** What is wrong, on a small map and in a table: file, row, cause, and where it is put right. */

import { useMemo, useState } from "preact/hooks";
import type { Said } from "../../lib/api";
import { oneStop } from "../../lib/one_stop";
import { setQuery } from "../../lib/router";
import { said, t } from "../../lib/texts";
import { contradicted, files, neverRead, problemMap, reading, spotsOf, type Reading, type Side } from "./state";
import { SpotMap } from "./spot_map";

interface Row { sort: string; files: string; entry: string; layer: string; row: string; text: Said; mended: boolean; spot: number; sides?: Side[] }

const SORTS = ["refused", "rejected", "warning", "open", "contradiction", "guessed", "repaired", "advice"] as const;
const CLASS: Record<string, string> = { refused: "bad", rejected: "bad", open: "bad", warning: "warn", contradiction: "warn", guessed: "warn" };
const PAGE = 100;

export function Problems() {
  const [sort, setSort] = useState("");
  const [picked, setPicked] = useState(-1);
  const [most, setMost] = useState(PAGE);
  const rows = useMemo(() => (reading.value ? rowsOf(reading.value) : []), [reading.value, problemMap.value]);
  if (reading.value === null) return <p class="empty">{t(neverRead.value)}</p>;
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row.sort, (counts.get(row.sort) ?? 0) + 1);
  const shown = rows.filter((row) => sort === "" ? row.sort !== "repaired" && row.sort !== "advice" : row.sort === sort);
  const spots = problemMap.value ? spotsOf(problemMap.value) : [];
  const pick = (spot: number) => {
    setPicked(spot);
    document.getElementById(`spot-${spot}`)?.scrollIntoView({ block: "nearest" });
  };
  const show = (spot: number) => {
    pick(spot);
    document.querySelector(".spot-map")?.scrollIntoView({ block: "nearest" });
  };
  return (
    <div class="problems-part">
      {problemMap.value && problemMap.value.width > 0 && <SpotMap map={problemMap.value} picked={picked} pick={pick} />}
      <div>
        <label class="row"><span>{t("problems.sort")}</span>
          <select value={sort} onChange={(event) => setSort(event.currentTarget.value)}>
            <option value="">{t("problems.to_judge")}</option>
            {SORTS.filter((each) => counts.has(each)).map((each) => <option key={each} value={each}>{t(`problems.${each}`)} ({counts.get(each)})</option>)}
          </select>
        </label>
        {shown.length === 0 && <p class="empty">{t("problems.none")}</p>}
        {shown.length > 0 && <div class="scroll"><table ref={oneStop} class="by-row" role="table">
          <thead><tr role="row"><th>{t("problems.kind")}</th><th>{t("problems.file")}</th><th>{t("problems.row")}</th><th>{t("problems.cause")}</th></tr></thead>
          <tbody>
            {shown.slice(0, most).map((row, at) => (
              <tr key={at} role="row" id={row.spot >= 0 ? `spot-${row.spot}` : undefined} class={row.spot >= 0 && row.spot === picked ? "picked" : ""}>
                <td role="cell"><span class={`badge ${CLASS[row.sort] ?? ""}`}>{t(`problems.${row.sort}`)}</span></td>
                <td role="cell" class="file file-cell">{row.files || "–"}{row.entry && <><br /><button type="button" class="small" onClick={() => setQuery({ show: "files", entry: row.entry })}>{t("problems.choose")}</button></>}</td>
                <td role="cell" class="file-cell">{row.row || "–"}{row.spot >= 0 && spots[row.spot]?.point && <><br /><button type="button" class="small" aria-pressed={row.spot === picked} onClick={() => show(row.spot)}>{t("problems.show")}</button></>}</td>
                <td role="cell" class="cause">{said(row.text)}{row.sides && row.sides.length > 0 && <Sides sides={row.sides} />}</td>
              </tr>
            ))}
          </tbody>
        </table></div>}
        {shown.length > most && <button type="button" onClick={() => setMost(most + PAGE)}>{t("more", { count: shown.length - most })}</button>}
        {problemMap.value && problemMap.value.left_out > 0 && <p class="small soft">{t("problems.left_out", { count: problemMap.value.left_out })}</p>}
      </div>
    </div>
  );
}

/** How many rows of the table a planner should judge. */
export const toJudge = (read: Reading): number => rowsOf(read).filter((row) => row.sort !== "repaired" && row.sort !== "advice").length;

/** Two values that do not agree, each with its unit and its files. */
function Sides({ sides }: { sides: Side[] }) {
  return (
    <ul class="sides">{sides.map((each, at) => (
      <li key={at}>{said(each.name)}{said(each.amount) && <> <strong>{said(each.amount)}</strong></>}{each.files.length > 0 && <span class="soft"> · {each.files.join(", ")}</span>}</li>
    ))}</ul>
  );
}

/** Every row of the table, what stops a run first. */
function rowsOf({ record }: Reading): Row[] {
  const entryOf = (name: string): string => {
    if (record.files[name]) return name;
    const byFile = Object.entries(record.files).find(([, paths]) => paths.includes(name));
    return byFile?.[0] ?? record.origin[name]?.[0] ?? "";
  };
  // Sheets whose columns are joined to shapes have entries of their own: what is found in the table may stand in any of its files.
  const joined = (name: string): string[] => (files.value?.files ?? []).flatMap((each) => each.entries).filter((each) => each.role === name).flatMap((each) => record.files[each.name] ?? []);
  const filesOf = (name: string): string => {
    const several = [...new Set(joined(name))];
    if (several.length > 1) return several.join(", ");
    if (record.files[name]) return record.files[name]!.join(", ");
    return (record.origin[name] ?? []).flatMap((each) => record.files[each] ?? []).filter((each, at, all) => all.indexOf(each) === at).join(", ");
  };
  const rows: Row[] = record.refused.map((each) => ({ sort: "refused", files: filesOf(each.name) || each.name, entry: entryOf(each.name), layer: each.name, row: "", text: each.said, mended: false, spot: -1 }));
  for (const each of record.findings) {
    if (each.kind !== "found") rows.push({ sort: each.kind, files: filesOf(each.layer), entry: entryOf(each.layer), layer: each.layer, row: each.places.join(", "), text: each.said, mended: false, spot: -1 });
  }
  (problemMap.value?.problems ?? []).forEach((each, spot) => rows.push({ sort: each.mended ? "repaired" : "open", files: filesOf(each.layer), entry: entryOf(each.layer), layer: said(each.title), row: each.row, text: each.said, mended: each.mended, spot }));
  const places = problemMap.value ? contradicted(problemMap.value) : [];
  record.contradictions.forEach((each, at) => rows.push({ sort: "contradiction", files: filesOf(each.layer), entry: entryOf(each.layer), layer: each.layer, row: each.row, text: each.said, mended: false, spot: places[at] ?? -1, sides: each.sides }));
  const rank = (row: Row): number => { const at = (SORTS as readonly string[]).indexOf(row.sort); return at < 0 ? SORTS.length : at; };
  return rows.sort((one, other) => rank(one) - rank(other));
}
