/** Starting a run: what is wanted, what the pre-flight says of it, then the start. */

import { useState } from "preact/hooks";
import { submit, isOpen, duration, stageName, type Job } from "../../lib/jobs";
import type { Said } from "../../lib/api";
import { useFetched } from "../../lib/fetched";
import { tellError } from "../../lib/messages";
import { hashOf } from "../../lib/router";
import { session, type Study } from "../../lib/session";
import { number, said, t } from "../../lib/texts";

interface Size { steps: number; cells: number; mib: number; seconds: number; free_mib: number | null; known: number }
interface Checked { size: Size | null; refused: Said[]; too_large: Said; guessed: number; problems: number }

/** Share of Steps with a measured cost, below which a time is a lower bound. */
const MEASURED = 0.8;

/** The check of each study as its file and its runs were then: whoever looks at another page meanwhile finds it again. */
const checks = new Map<string, string>();

export function Begin({ study, jobs, look }: { study: Study; jobs: Job[]; look: () => void }) {
  const [whole, setWhole] = useState(true);
  const [report, setReport] = useState(true);
  const kept = `${study.id} ${study.version} ${study.runs.length}`;
  const [check, setCheck] = useState(checks.get(kept) ?? "");
  const [busy, setBusy] = useState(false);
  const job = jobs.find((each) => each.id === check);

  const ask = async (kind: string, options: Record<string, unknown>) => {
    setBusy(true);
    try {
      return await submit(study.id, kind, options);
    } catch (fault) {
      tellError(fault);
      return undefined;
    } finally {
      setBusy(false);
      look();
    }
  };
  const preflight = async () => {
    const id = (await ask("check", {}))?.id ?? "";
    checks.set(kept, id);
    setCheck(id);
  };
  const start = async () => { if (await ask("run", { baseline: !whole, report })) { checks.delete(kept); setCheck(""); } };
  const checking = check !== "" && (job === undefined || isOpen(job));
  return (
    <section class="card begin" aria-labelledby="runs-begin">
      <h2 id="runs-begin">{t("runs.begin")}</h2>
      <fieldset>
        <legend>{t("runs.what")}</legend>
        <label><input type="radio" name="what" checked={whole} onChange={() => setWhole(true)} /> <span>{t("runs.whole")} <span class="soft small">{t("runs.whole_hint")}</span></span></label>
        <label><input type="radio" name="what" checked={!whole} onChange={() => setWhole(false)} /> <span>{t("runs.baseline")} <span class="soft small">{t("runs.baseline_hint")}</span></span></label>
        <label><input type="checkbox" checked={report} onChange={(event) => setReport(event.currentTarget.checked)} /> <span>{t("runs.report")}</span></label>
      </fieldset>
      <div aria-live="polite">
        {checking && <p class="soft">{job?.state === "queued" ? (job.ahead ? t("runs.ahead", { count: job.ahead }) : t("runs.next")) : <>{t("runs.checking")} {job && stageName(job, study.alternatives)}</>} <progress max={1} value={job?.state === "running" ? job.progress.share : undefined} aria-label={t("runs.checking")} /></p>}
        {job && job.state === "failed" && <p class="badge bad problem">{said(job.error.said)}</p>}
        {job && job.state === "done" && <Preflight told={job.result as unknown as Checked} study={study} />}
      </div>
      <Caps size={job?.state === "done" ? (job.result as unknown as Checked).size : null} />
      <div class="row">
        <button type="button" class={ready(job) ? "" : "first"} disabled={busy || checking} onClick={() => void preflight()}>{t(job?.state === "done" ? "runs.check_again" : "runs.check")}</button>
        {job?.state === "done" && <button type="button" class="first" disabled={busy || !ready(job)} onClick={() => void start()}>{t("runs.start")}</button>}
      </div>
    </section>
  );
}

const ready = (job: Job | undefined): boolean => {
  if (job?.state !== "done") return false;
  const told = job.result as unknown as Checked;
  return told.size !== null && told.refused.length === 0 && Object.keys(told.too_large).length === 0;
};

/** What one job of the asker may take: told before the start. */
function Caps({ size }: { size: Size | null }) {
  const own = useFetched<{ job_minutes: number | null; job_mib: number | null }>(session.value?.mode === "team" ? "/api/account" : null).value;
  if (own === null) return null;
  const beyond = size !== null && (size.seconds > 60 * (own.job_minutes ?? Infinity) || size.mib > (own.job_mib ?? Infinity));
  return (
    <>
      {own.job_minutes !== null && <p class="soft small">{t("runs.cap_minutes", { minutes: own.job_minutes })}</p>}
      {own.job_mib !== null && <p class="soft small">{t("runs.cap_mib", { mib: number(own.job_mib) })}</p>}
      {beyond && <p class="badge warn problem" role="status">{t("runs.beyond_cap")}</p>}
    </>
  );
}

function Preflight({ told, study }: { told: Checked; study: Study }) {
  const files = hashOf({ study: study.id, page: "files" });
  return (
    <div class="preflight">
      {told.size && (
        <dl>
          <div><dt>{t("runs.cells")}</dt><dd>{number(told.size.cells, 6)}</dd></div>
          <div><dt>{t("runs.memory")}</dt><dd>{t("runs.mib", { mib: number(told.size.mib, 3) })}{told.size.free_mib !== null && <span class="soft small"> {t("runs.free", { mib: number(told.size.free_mib, 3) })}</span>}</dd></div>
          <div><dt>{t("runs.time")}</dt><dd>{t(told.size.known < MEASURED ? "runs.at_least" : "runs.about", { time: duration(told.size.seconds) })}</dd></div>
          <div><dt>{t("runs.steps")}</dt><dd>{number(told.size.steps, 6)}</dd></div>
        </dl>
      )}
      {told.size !== null && told.size.steps === 0 && <p class="soft">{t(study.runs.length ? "runs.nothing_new" : "runs.all_known")}</p>}
      {Object.keys(study.alternatives).every((name) => name === "as_is") && <p class="badge warn problem">{t("runs.only_as_is")} <a href={hashOf({ study: study.id, page: "files", query: { show: "settings" } })}>{t("runs.add_alternative")}</a></p>}
      {told.size === null && told.refused.length === 0 && <p class="badge bad problem">{t("runs.no_plan")}</p>}
      {said(told.too_large) && <p class="badge bad problem">{said(told.too_large)}</p>}
      {told.refused.length > 0 && <p class="badge bad">{t("runs.refused", { count: told.refused.length })}</p>}
      {told.refused.length > 0 && <ul class="problems">{told.refused.map((each, place) => <li key={place}>{said(each)}</li>)}</ul>}
      {told.guessed + told.problems > 0 && <p class="soft">{t("runs.to_confirm", { guessed: told.guessed, problems: told.problems })} <a href={files}>{t("runs.look_at_files")}</a></p>}
    </div>
  );
}
