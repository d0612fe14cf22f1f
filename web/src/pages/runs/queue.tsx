/** Jobs at work and waiting, with progress and cancel; those that failed, with what their message says. */

import { useState } from "preact/hooks";
import { cancel, duration, stageName, submit, type Job } from "../../lib/jobs";
import { tellError } from "../../lib/messages";
import { studies } from "../../lib/session";
import { moment, pair, said, t } from "../../lib/texts";

const MOST_ENDED = 5;
const RECENT_MS = 24 * 3600 * 1000;

interface Shown { jobs: Job[]; here: string; look: () => void }

const titled = (job: Job) => studies.value.find((each) => each.id === job.study);
const KINDS = ["run", "check", "report", "intake", "learn", "pack", "open"];
const kindName = (job: Job): string => (KINDS.includes(job.kind) ? t(`jobs.kind.${job.kind}`) : job.kind);

/** A time as people of the language write it. */
export const when = (iso: string): string => moment(iso);

function Name({ job, here }: { job: Job; here: string }) {
  const of = titled(job);
  return <span><strong>{kindName(job)}</strong>{job.study !== here && of && <span class="soft"> {said(of.title) || of.name}</span>}</span>;
}

export function Queue({ jobs, here, look }: Shown) {
  if (jobs.length === 0) return <p class="soft">{t("runs.queue_empty")}</p>;
  const order = [...jobs].sort((one, other) => (one.state === other.state ? one.submitted.localeCompare(other.submitted) : one.state === "running" ? -1 : 1));
  return <ol class="queue">{order.map((job) => <Row key={job.id} job={job} here={here} look={look} />)}</ol>;
}

function Row({ job, here, look }: { job: Job; here: string; look: () => void }) {
  const [asked, setAsked] = useState(false);
  const stop = async () => {
    setAsked(true);
    await cancel(job).catch((fault: unknown) => { setAsked(false); tellError(fault); });
    look();
  };
  const running = job.state === "running";
  const share = job.progress.share ?? 0;
  const of = titled(job);
  return (
    <li class="card job">
      <div class="row">
        <Name job={job} here={here} />
        <span class="soft small">{t("runs.by", { user: job.user, time: when(job.submitted) })}</span>
        {job.attempts > 1 && <span class="badge warn">{t("runs.again", { count: job.attempts })}</span>}
        {(of?.role === "owner" || of?.role === "editor") && <button type="button" class="danger" disabled={asked || job.cancel} aria-label={pair(t("runs.cancel"), kindName(job))} onClick={() => void stop()}>{t(asked || job.cancel ? "runs.cancelling" : "runs.cancel")}</button>}
      </div>
      {running && <progress max={1} value={share > 0 ? share : undefined} aria-label={t("runs.progress")} />}
      {running && (
        <p class="small state">
          <span>{stageName(job, of?.alternatives ?? {}) || t("runs.starting")}</span>
          {job.progress.stage && <span class="number"> {Math.round(100 * share)}%</span>}
          {(job.progress.steps ?? 0) > 0 && (job.progress.done ?? 0) > 0 && <span class="soft"> {t("runs.steps_done", { done: job.progress.done ?? 0, steps: job.progress.steps ?? 0 })}</span>}
          {job.progress.left_s != null && <span class="soft"> {t("runs.left", { time: duration(job.progress.left_s) })}</span>}
        </p>
      )}
      {!running && <p class="small soft">{job.ahead ? t("runs.ahead", { count: job.ahead }) : t("runs.next")}</p>}
      {!running && said(job.error.said) && <p class="small">{t("runs.tried", { why: said(job.error.said) })}</p>}
    </li>
  );
}

export function Ended({ jobs, here, look }: Shown) {
  const found = jobs.filter((job) => (job.state === "failed" || job.state === "cancelled") && job.ended && Date.now() - Date.parse(job.ended) < RECENT_MS).slice(0, MOST_ENDED);
  if (found.length === 0) return null;
  const again = async (job: Job) => {
    await submit(job.study, job.kind, job.options).catch(tellError);
    look();
  };
  return (
    <section aria-labelledby="runs-ended">
      <h2 id="runs-ended">{t("runs.ended")}</h2>
      <ul class="queue">
        {found.map((job) => (
          <li key={job.id} class="card job">
            <div class="row">
              <Name job={job} here={here} />
              <span class={job.state === "failed" ? "badge bad" : "badge warn"}>{t(`jobs.state.${job.state}`)}</span>
              <span class="soft small">{when(job.ended!)}</span>
              {titled(job) && titled(job)!.role !== "viewer" && titled(job)!.role !== "reviewer" && <button type="button" aria-label={pair(t("runs.try_again"), kindName(job))} onClick={() => void again(job)}>{t("runs.try_again")}</button>}
            </div>
            {said(job.error.said) && <p class="problem">{said(job.error.said)}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}
