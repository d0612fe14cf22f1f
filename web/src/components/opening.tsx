/** A case that is being opened as a study: followed, cancelled; nothing of it stays where it does not come whole. */

import { useEffect, useState } from "preact/hooks";
import { api } from "../lib/api";
import { cancel, duration, follow, type Job } from "../lib/jobs";
import { tell, tellError } from "../lib/messages";
import { go, here } from "../lib/router";
import { loadStudies, type Study } from "../lib/session";
import { said, t } from "../lib/texts";

export interface Begun { study: Study; job: Job }

export function Opening({ begun, left }: { begun: Begun; left: () => void }) {
  const [job, setJob] = useState<Job>(begun.job);
  useEffect(() => {
    const stop = new AbortController(), stays = here();
    follow(begun.job, setJob, stop.signal).then(async (last) => {
      if (stop.signal.aborted) return;
      if (last.state !== "done") await api.remove(`/api/studies/${begun.study.id}`);
      await loadStudies();
      left();
      if (last.state === "done") {
        tell("done", () => t("cases.opened"));
        if (!stop.signal.aborted && stays()) go({ study: begun.study.id, page: "files" });
      } else if (last.state === "failed") tell("error", () => said(last.error.said));
      else tell("done", () => t("cases.cancelled"));
    }).catch((fault: unknown) => { if (!stop.signal.aborted) tellError(fault); });
    return () => stop.abort();
  }, [begun.job.id]);
  const share = job.progress.share ?? 0;
  return (
    <section class="card" aria-label={t("cases.reading")}>
      <p role="status">{job.state === "queued" ? (job.ahead ? t("runs.ahead", { count: job.ahead }) : t("runs.next")) : t("cases.reading")}</p>
      <progress aria-label={t("runs.progress")} {...(share > 0 ? { max: 1, value: share } : {})} />
      <div class="row">
        {job.progress.left_s != null && job.state === "running" && <span class="soft small">{t("runs.left", { time: duration(job.progress.left_s) })}</span>}
        <button type="button" disabled={job.cancel} onClick={() => void cancel(job).then(setJob, tellError)}>{t(job.cancel ? "runs.cancelling" : "runs.cancel")}</button>
      </div>
      {said(job.error.said) && <p class="small">{t("runs.tried", { why: said(job.error.said) })}</p>}
    </section>
  );
}
