/** The studies of the workspace, and how to begin a new one. */

import { useEffect, useState } from "preact/hooks";
import { Confirm, refocus } from "../../components/confirm";
import { DropFiles } from "../../components/drop_files";
import { Loading } from "../../components/loading";
import { UploadPanel } from "../../components/upload_panel";
import { api } from "../../lib/api";
import { tell, tellError } from "../../lib/messages";
import { useNewest } from "../../lib/newest";
import { pages } from "../../lib/pages";
import { go, hashOf, here } from "../../lib/router";
import { listed, loadStudies, session, studies, type Study } from "../../lib/session";
import { regionSaid } from "../../lib/regions";
import { moment, said, t } from "../../lib/texts";
import { withoutFolder, type Chosen } from "../../lib/uploading";
import { Pilots } from "./pilots";
import "./start.css";

interface Deleted { id: string; folder: string; at: string }

export default function Start() {
  const [deleted, setDeleted] = useState<Deleted[]>([]);
  const begin = useNewest();
  const reload = async () => {
    const newest = begin();
    await Promise.all([loadStudies(), api.get<Deleted[]>("/api/trash").then((found) => { if (newest()) setDeleted(found); })]);
  };
  const open = (study: string) => {
    const stays = here();
    reload().then(() => { if (stays()) go({ study, page: "files" }); }, tellError);
  };
  useEffect(() => { reload().catch(tellError); }, []);
  return (
    <div class="page start">
      <h1>{t("start.studies")}</h1>
      {!listed.value && <p class="empty" role="status"><Loading /></p>}
      {listed.value && studies.value.length === 0 && <><p class="soft">{t("start.none")}</p><ol class="steps">{["bring", "read", "run", "look"].map((step) => <li key={step}>{t(`start.step_${step}`)}</li>)}</ol></>}
      <ul class="cards plain-list">{studies.value.map((each) => <li key={each.id}><Card study={each} reload={reload} /></li>)}</ul>
      <h2 id="new">{t("start.new")}</h2>
      <div class="new">
        <FromFiles />
        <Pilots made={open} />
      </div>
      {deleted.length > 0 && <Trash deleted={deleted} reload={reload} />}
    </div>
  );
}

const day = (at: string): string => moment(at);

function Card({ study, reload }: { study: Study; reload: () => Promise<void> }) {
  const [asked, setAsked] = useState(false);
  const title = said(study.title) || study.name;
  const page = study.opening ? "runs" : study.runs.length && !said(study.problem) && pages.some((each) => each.name === "map") ? "map" : "files";
  const remove = () => {
    setAsked(false);
    api.remove<Deleted>(`/api/studies/${study.id}`).then(reload).then(() => { tell("done", () => t("start.deleted", { title })); requestAnimationFrame(refocus); }, tellError);
  };
  return (
    <article class="card study">
      <h2><a href={hashOf({ study: study.id, page })}>{title}</a></h2>
      <p class="soft small">{[regionSaid(study.region), study.year, session.value?.mode === "team" ? study.owner : ""].filter(Boolean).join(" · ")}</p>
      <p class="row tight">
        {study.opening ? <span class="badge warn">{t("start.opening")}</span> : !said(study.problem) && <span class={`badge ${study.synthetic ? "warn" : ""}`}>{t(study.synthetic ? "start.synthetic" : "start.real")}</span>}
        {!study.opening && <span class="badge">{t("start.runs", { count: study.runs.length })}</span>}
      </p>
      {study.last_run && <p class="small soft">{t("start.last_run", { at: day(study.last_run) })}</p>}
      {said(study.note) && <p class="small">{said(study.note)}</p>}
      {said(study.problem) && <div class="small problem">{!study.opening && <span class="badge bad">{t("start.problem")}</span>}<p>{said(study.problem).split("\n").slice(0, 4).join("\n")}</p></div>}
      <div class="row tight foot">
        {study.opening ? <a href={hashOf({ study: study.id, page: "runs" })}>{t("page.runs")}</a> : <a href={hashOf({ study: study.id, page: "files" })} aria-label={t("start.files_of", { title })}>{t("page.files")}</a>}
        {study.role === "owner" && study.folder !== "." && <button type="button" class="plain small" aria-label={t("start.delete_of", { title })} onClick={() => setAsked(true)}>{t("start.delete")}</button>}
      </div>
      {asked && <Confirm title={t("start.delete_of", { title })} text={t("start.delete_told")} action={t("start.delete")} yes={remove} no={() => setAsked(false)} />}
    </article>
  );
}

function FromFiles() {
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const [title, setTitle] = useState("");
  const take = (found: Chosen[]) => {
    const { folder, files } = withoutFolder(found);
    setChosen(files);
    if (folder) setTitle(folder);
  };
  const create = async (upload: { id: string }, stays: () => boolean) => {
    const made = await api.post<Study>(`/api/uploads/${upload.id}/study`, { title });
    await loadStudies();
    if (stays()) go({ study: made.id, page: "files" });
  };
  return (
    <section aria-labelledby="from-files">
      <h3 id="from-files">{t("start.from_files")}</h3>
      {chosen.length === 0 ? <DropFiles take={take} /> : (
        <UploadPanel chosen={chosen} action={t("start.create")} then={create} cancel={() => setChosen([])}>
          <label class="field"><span>{t("start.title")}</span><input required maxLength={120} value={title} onInput={(event) => setTitle(event.currentTarget.value)} /></label>
        </UploadPanel>
      )}
    </section>
  );
}

function Trash({ deleted, reload }: { deleted: Deleted[]; reload: () => Promise<void> }) {
  const back = (each: Deleted) => api.post(`/api/trash/${each.id}`).then(reload).then(() => { requestAnimationFrame(refocus); }).catch(tellError);
  return (
    <details class="trash">
      <summary>{t("start.trash", { count: deleted.length })}</summary>
      <ul class="plain-list">
        {deleted.map((each) => (
          <li key={each.id} class="row"><span>{each.folder}</span><span class="soft small">{day(each.at)}</span>
            <button type="button" aria-label={t("start.put_back_of", { title: each.folder })} onClick={() => void back(each)}>{t("start.put_back")}</button></li>
        ))}
      </ul>
    </details>
  );
}
