/** Reading of all files as a job: started here, followed file by file. */

import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../../lib/api";
import { ended, follow, submit, underWay, type Job } from "../../lib/jobs";
import { tell, tellError } from "../../lib/messages";
import { useOnce } from "../../lib/once";
import { hashOf, setQuery } from "../../lib/router";
import { moment, number, said, t } from "../../lib/texts";
import { editable, load, neverRead, pending, reading, troubles } from "./state";

interface Files { planned: number; files: { file: string; done: boolean; known: boolean; seconds: number }[] }

export function ReadFiles({ study }: { study: string }) {
  const [job, setJob] = useState<Job | null>(null);
  const [now, setNow] = useState<Files | null>(null);
  const left = useRef(new AbortController());
  const watched = useRef("");
  const watch = async (first: Job) => {
    // The look at what is under way may find what has just been started here.
    if (watched.current === first.id) return;
    watched.current = first.id;
    const control = left.current;
    let follows = true, looks = 0;
    const look = async (each: Job) => {
      const turn = (looks += 1);
      setJob(each);
      if (each.state !== "running") return;
      const seen = (await api.get<Files | null>(`/api/studies/${study}/intake/reading`, { signal: control.signal }).catch(() => null));
      if (follows && turn === looks) setNow(seen);
    };
    const last = await follow(first, (each) => void look(each), control.signal);
    follows = false;
    if (control.signal.aborted) return;
    setJob(null);
    setNow(null);
    if (last.state === "failed" && last.error.said) tell("error", () => said(last.error.said));
    if (ended(last)) await load(study);
    if (control.signal.aborted) return;
    // What the study itself lacks is filled in on another part of the page; whoever moves between the parts is not moved.
    const moving = document.activeElement?.closest("[role=tablist]");
    if (last.state === "failed" && !moving && troubles.value.some((each) => each.where.startsWith("study"))) setQuery({ show: "settings" });
  };
  useEffect(() => {
    const mine = (left.current = new AbortController());
    watched.current = "";
    setJob(null);
    if (study) underWay(study, "intake").catch(() => undefined).then((found) => (found && !mine.signal.aborted ? watch(found) : undefined)).catch(tellError);
    return () => mine.abort();
  }, [study]);
  const once = useOnce();
  const start = () => once(() => submit(study, "intake", {}).then(watch).catch(tellError));
  const cancel = () => { if (job) api.remove(`/api/studies/${study}/jobs/${job.id}`).catch(tellError); };
  const last = reading.value;
  return (
    <section class="card read" aria-label={t("files.reading")}>
      <div class="row">
        {editable.value && <button type="button" class="first" disabled={job !== null || pending.value.size > 0} onClick={start}>{t("files.read")}</button>}
        {job && editable.value && <button type="button" onClick={cancel}>{t("files.cancel")}</button>}
        <p role="status">
          {job ? under(job, now)
            : last === null ? t(neverRead.value)
            : <>
                <span class={`badge ${last.record.ready ? "" : "bad"}`}>{t(last.record.ready ? "files.ready" : "files.not_ready", { count: last.record.refused.length })}</span>{" "}
                {t("files.read_at", { at: moment(last.at) })}
                {last.outdated && <> <span class="badge warn">{t("files.outdated")}</span></>}
              </>}
        </p>
        {!job && last?.record.ready && !last.outdated && <a class="button next" href={hashOf({ study, page: "runs" })}>{t("files.next")}</a>}
      </div>
      {job && <progress aria-label={t("files.reading")} {...(job.progress.share ? { max: 1, value: job.progress.share } : {})} />}
      {job && now && <ul class="small plain-list reading">{now.files.map((each) => <li key={each.file}>{each.done ? "✓" : "…"} {each.file} {each.done && <span class="soft">{each.known ? t("files.known") : t("seconds", { count: number(each.seconds, 2) })}</span>}</li>)}</ul>}
    </section>
  );
}

/** What a reading does at this moment: it waits, starts, reads so many files, or does what follows their reading. */
function under(job: Job, now: Files | null): string {
  if (job.state === "queued") return t("files.queued");
  if (job.progress.stage && job.progress.stage !== "intake" && said(job.progress.said)) return t("files.trying", { stage: said(job.progress.said) });
  return now?.planned ? t("files.reading_now", { done: now.files.filter((each) => each.done).length, all: now.planned }) : t("files.starting");
}
