/** The files of a study: what each is, what is wrong, and the choices that are written into its study file. */

import { useEffect } from "preact/hooks";
import { Loading } from "../../components/loading";
import { tellError } from "../../lib/messages";
import { place, setQuery } from "../../lib/router";
import { study } from "../../lib/session";
import { said, t } from "../../lib/texts";
import { Changes } from "./changes";
import { FileList } from "./file_list";
import { Problems, toJudge } from "./problems";
import { ReadFiles } from "./read_files";
import { SettingsForm } from "./settings_form";
import { StudyText } from "./study_text";
import { Wanted } from "./wanted";
import { failed, files, load, reading, settings, troubles } from "./state";
import "./files.css";

const PARTS = ["files", "problems", "settings", "text"] as const;

export default function Page() {
  const id = study.value?.id ?? "";
  useEffect(() => { if (id) load(id).catch(tellError); }, [id]);
  const shown = PARTS.find((each) => each === place.value.query.get("show")) ?? "files";
  const refused = reading.value?.record.refused.length ?? 0, judged = reading.value ? toJudge(reading.value) : 0;
  const counts: Record<string, number> = { files: files.value?.files.length ?? 0, problems: judged, settings: troubles.value.length, text: 0 };
  const looking = <p class="empty" role="status">{failed.value ? t("not_loaded") : <Loading what={t("files.looking")} />}</p>;
  return (
    <div class="page files-page">
      <h1>{said(study.value?.title) || study.value?.name}</h1>
      <ReadFiles study={id} />
      <div class="tabs" role="tablist" aria-label={t("files.parts")} onKeyDown={(event) => move(event, shown)}>
        {PARTS.map((each) => (
          <button key={each} type="button" role="tab" id={`tab-${each}`} aria-selected={each === shown} aria-controls={`part-${each}`} tabIndex={each === shown ? 0 : -1} onClick={() => setQuery({ show: each })}>
            {t(`files.part_${each}`)} {counts[each]! > 0 && <span class={`badge ${each === "files" ? "" : each === "problems" && refused === 0 ? "warn" : "bad"}`}>{counts[each]}</span>}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`part-${shown}`} aria-labelledby={`tab-${shown}`}>
        {shown === "files" && (files.value && settings.value ? <FileList /> : looking)}
        {shown === "problems" && <Problems />}
        {shown === "settings" && (settings.value ? <><SettingsForm /><Wanted /></> : looking)}
        {shown === "text" && (settings.value ? <StudyText /> : looking)}
      </div>
      <Changes />
    </div>
  );
}

/** Move from the tab that has the focus: of two quick keys the second comes before the page is drawn anew. */
function move(event: KeyboardEvent, shown: (typeof PARTS)[number]): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const at = PARTS.findIndex((each) => `tab-${each}` === (event.target as HTMLElement).id);
  const next = PARTS[((at < 0 ? PARTS.indexOf(shown) : at) + step + PARTS.length) % PARTS.length]!;
  setQuery({ show: next });
  document.getElementById(`tab-${next}`)?.focus();
}
