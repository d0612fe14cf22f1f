/** What a case holds and what it leaves out: inputs with why and how to get them, and what authors have not told. */

import type { Said } from "../lib/api";
import { number, pair, said, series, t } from "../lib/texts";

export interface Held {
  parts: number; inputs: number; absent: { entry: string; why: Said; obtained: Said; files: string[] }[];
  coordinates: "exact" | "coarsened" | "left_out"; metres: number | null; names: string; lost: Said[]; missing: string[];
}

export function HeldOf({ held }: { held: Held }) {
  const reduced = held.lost.length > 0;
  return (
    <>
      <ul class="small">
        <li>{t("cases.parts", { count: held.parts })} · {t("cases.inputs", { count: held.inputs - held.absent.length, all: held.inputs })}</li>
        <li>{pair(t("cases.coordinates"), `${t(`cases.${held.coordinates}`)}${held.metres === null ? "" : ` (${number(held.metres)} m)`}`)}</li>
        {reduced && <li>{pair(t("cases.lost"), series(held.lost.map(said)))}</li>}
        {reduced && <li>{t("cases.names_stay")}</li>}
        {held.missing.length > 0 && <li>{pair(t("cases.missing"), series(held.missing))}</li>}
      </ul>
      {held.absent.length > 0 && (
        <div class="scroll" tabIndex={0} role="group" aria-label={t("cases.absent")}>
          <table>
            <caption>{t("cases.absent")}</caption>
            <thead><tr><th scope="col">{t("cases.entry")}</th><th scope="col">{t("cases.why")}</th><th scope="col">{t("cases.obtained")}</th><th scope="col">{t("cases.files")}</th></tr></thead>
            <tbody>{held.absent.map((each) => <tr key={each.entry}><th scope="row" class="row-head code">{each.entry}</th><td>{said(each.why)}</td><td>{said(each.obtained)}</td><td class="small break">{each.files.join(", ")}</td></tr>)}</tbody>
          </table>
        </div>
      )}
    </>
  );
}
