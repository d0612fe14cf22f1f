/** Runs: start one after its pre-flight, follow the queue, find what is done. */

import { useEffect, useRef, useState } from "preact/hooks";
import { api, Refusal } from "../../lib/api";
import { allJobs, isOpen, type Job } from "../../lib/jobs";
import { tellError } from "../../lib/messages";
import { place, setQuery } from "../../lib/router";
import { loadStudies, may, session, study } from "../../lib/session";
import { t } from "../../lib/texts";
import { Done, type RunState } from "./done";
import { Ended, Queue } from "./queue";
import { Begin } from "./begin";
import "./runs.css";

const BUSY_MS = 1000;
const IDLE_MS = 5000;

export default function Runs() {
  const open = study.value!;
  const [jobs, setJobs] = useState<Job[] | null>(null);
  const [runs, setRuns] = useState<RunState[] | null>(null);
  const [lost, setLost] = useState(false);
  const look = useRef<() => void>(() => undefined);
  const ended = (jobs ?? []).filter((job) => job.study === open.id && job.state === "done").length;

  useEffect(() => {
    const gone = new AbortController();
    let timer = 0, turn = 0;
    const next = (found: Job[] | null) => { timer = window.setTimeout(() => void poll(), found?.some(isOpen) || found === null ? BUSY_MS : IDLE_MS); };
    const poll = async () => {
      clearTimeout(timer);
      const mine = (turn += 1);
      let found: Job[] | null = null;
      try {
        found = await allJobs({ signal: gone.signal });
        if (mine !== turn) return;
        setJobs(found);
        setLost(false);
      } catch (fault) {
        if (gone.signal.aborted || mine !== turn) return;
        if (fault instanceof Refusal && fault.status === 0) setLost(true);
        else tellError(fault);
      }
      if (!gone.signal.aborted) next(found);
    };
    look.current = () => void poll();
    void poll();
    return () => { gone.abort(); clearTimeout(timer); };
  }, []);

  useEffect(() => {
    const gone = new AbortController();
    api.get<RunState[]>(`/api/studies/${encodeURIComponent(open.id)}/runs`, { signal: gone.signal }).then((found) => {
      setRuns(found);
      if (found[0] && found[0].number !== study.value?.runs[0]) void loadStudies().catch(tellError);
    }, tellError);
    return () => gone.abort();
  }, [open.id, ended]);

  const all = place.value.query.get("all") ?? (session.value?.mode === "laptop" ? "1" : "0");
  const shown = (jobs ?? []).filter((job) => all === "1" || job.study === open.id);
  return (
    <div class="page runs">
      <h1>{t("page.runs")}</h1>
      {lost && <p class="badge warn" role="status">{t("runs.lost")}</p>}
      {may("editor") && <Begin study={open} jobs={jobs ?? []} look={() => look.current()} />}
      <section aria-labelledby="runs-queue">
        <div class="row">
          <h2 id="runs-queue">{t("runs.queue")}</h2>
          <label class="small"><input type="checkbox" checked={all === "1"} onChange={(event) => setQuery({ all: event.currentTarget.checked ? "1" : "0" })} /> {t("runs.all_studies")}</label>
        </div>
        {jobs === null ? <p class="soft" role="status">{t("loading")}</p> : <Queue jobs={shown.filter(isOpen)} here={open.id} look={() => look.current()} />}
      </section>
      <Ended jobs={shown} here={open.id} look={() => look.current()} />
      <Done runs={runs} />
    </div>
  );
}
