/** A place: the newest run of a study, or a published case; kept in the address as `study:ID` or `case:NAME`. */

import { studies } from "../../lib/session";
import { said, t } from "../../lib/texts";
import type { Line } from "./types";

export const withRuns = () => studies.value.filter((each) => each.runs.length > 0);

/** The address of what a place is asked for, null where nothing is chosen. */
export function placeAt(chosen: string, path: string): string | null {
  const [kind, id = ""] = [chosen.slice(0, chosen.indexOf(":")), chosen.slice(chosen.indexOf(":") + 1)];
  if (kind === "study") return `/api/studies/${encodeURIComponent(id)}/runs/latest${path}`;
  return kind === "case" ? `/api/cases/${encodeURIComponent(id)}${path}` : null;
}

export function PlaceChoice({ label, chosen, choose, cases, none = "" }: { label: string; chosen: string; choose: (place: string) => void; cases: Line[]; none?: string }) {
  return (
    <label class="row no-print">{label}{" "}
      <select value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
        {none && <option value="">{none}</option>}
        {withRuns().map((each) => <option key={each.id} value={`study:${each.id}`}>{t("cases.a_study", { title: said(each.title) || each.name })}</option>)}
        {cases.map((each) => <option key={each.name} value={`case:${each.name}`}>{t("cases.a_case", { title: said(each.title) || each.name })}</option>)}
      </select>
    </label>
  );
}
