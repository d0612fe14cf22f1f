/** Runs that are done: when, how much was computed, what is out of range, and where to look at them. */

import { oneStop } from "../../lib/one_stop";
import { hashOf } from "../../lib/router";
import { study } from "../../lib/session";
import { number, t } from "../../lib/texts";
import { pages } from "../../lib/pages";
import { when } from "./queue";

export interface RunState { number: string; ended: string; executed: number; steps: number; alternatives: number; outside: number; report: boolean }

const PLACES = ["results", "map", "report"];

export function Done({ runs }: { runs: RunState[] | null }) {
  const places = PLACES.filter((name) => pages.some((page) => page.name === name));
  return (
    <section aria-labelledby="runs-done">
      <h2 id="runs-done">{t("runs.done")}</h2>
      {runs === null && <p class="soft" role="status">{t("loading")}</p>}
      {runs?.length === 0 && <p class="empty">{t("runs.none")}</p>}
      {runs !== null && runs.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-labelledby="runs-done">
          <table ref={oneStop}>
            <thead><tr><th scope="col">{t("runs.run")}</th><th scope="col">{t("runs.date")}</th><th scope="col" class="number">{t("runs.alternatives")}</th><th scope="col" class="number">{t("runs.computed")}</th><th scope="col">{t("runs.ranges")}</th><th scope="col">{t("runs.open")}</th></tr></thead>
            <tbody>
              {runs.map((run) => (
                <tr key={run.number}>
                  <th scope="row">{run.number}</th>
                  <td class="when">{when(run.ended)}</td>
                  <td class="number">{number(run.alternatives, 6)}</td>
                  <td class="number">{number(run.executed, 6)}{run.executed < run.steps && <span class="soft small block">{t("runs.others_held", { count: run.steps - run.executed })}</span>}</td>
                  <td>{run.outside ? <span class="badge warn">{t("runs.outside", { count: run.outside })}</span> : <span class="badge">{t("runs.inside")}</span>}</td>
                  <td><div class="links">{places.map((name) => <a key={name} href={hashOf({ study: study.value!.id, page: name, query: { run: run.number } })}>{t(`page.${name}`)}</a>)}</div></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
