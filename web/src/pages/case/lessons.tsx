/** What authors tell of a case, in both languages: kept beside the study as lessons.toml. */

import { useEffect, useRef, useState } from "preact/hooks";
import { api, type Said } from "../../lib/api";
import { useFetched } from "../../lib/fetched";
import { tell, tellError } from "../../lib/messages";
import { ofStudy } from "../../lib/of_run";
import { said, t } from "../../lib/texts";

type Told = Record<string, string>;
interface Lessons { authors: string[]; licence: string; date: string; form: string[]; levels: string[]; hazards: string[]; [topic: string]: string | string[] | Told }
interface Choice { value: string; title: Said }
interface State { lessons: Lessons; missing: string[]; licences: string[]; forms: Choice[]; levels: Choice[]; hazards: Choice[]; topics: Choice[] }

const NAMES: Record<string, string> = { zh: "中文", en: "English" };

export function LessonsForm() {
  const found = useFetched<State>(ofStudy("/lessons"));
  const [told, setTold] = useState<Lessons | null>(null);
  const [authors, setAuthors] = useState("");
  useEffect(() => {
    if (!found.value) return;
    setTold(found.value.lessons);
    setAuthors(found.value.lessons.authors.join(", "));
  }, [found.value]);
  if (!found.value || !told) return null;
  const state = found.value;
  const now = useRef({ told, authors });
  now.current = { told, authors };
  const set = (name: string, value: string | string[] | Told) => setTold({ ...told, [name]: value });
  const keep = (event: Event) => {
    event.preventDefault();
    const named = authors.split(/[,，、]/).map((each) => each.trim()).filter(Boolean);
    // What was written on while the words before were being kept stays.
    api.put<State>(ofStudy("/lessons")!, { ...told, authors: named }).then((kept) => { if (now.current.told === told && now.current.authors === authors) found.set(kept); tell("done", () => t("cases.lessons_kept")); }, tellError);
  };
  const ticks = (title: string, name: "form" | "levels" | "hazards", choices: Choice[]) => (
    <fieldset>
      <legend>{title}</legend>
      {choices.map((each) => <label key={each.value} class="tick"><input type="checkbox" checked={told[name].includes(each.value)} onChange={() => set(name, told[name].includes(each.value) ? told[name].filter((one) => one !== each.value) : [...told[name], each.value])} /> {said(each.title)}</label>)}
    </fieldset>
  );
  return (
    <details class="card no-print lessons-form">
      <summary>{t("cases.lessons")} {state.missing.length > 0 && <span class="badge warn">{t("cases.lessons_left", { count: state.missing.length })}</span>}</summary>
      <form onSubmit={keep}>
        <p class="small soft">{t("cases.lessons_hint")}</p>
        <div class="row">
          <label class="field"><span>{t("cases.authors")}</span><input value={authors} maxLength={2000} onInput={(event) => setAuthors(event.currentTarget.value)} /></label>
          <label class="field"><span>{t("cases.case_licence")}</span><input list="case-licences" maxLength={60} value={told.licence} onInput={(event) => set("licence", event.currentTarget.value)} /></label>
          <datalist id="case-licences">{state.licences.map((each) => <option key={each} value={each} />)}</datalist>
          <label class="field"><span>{t("cases.date")}</span><input type="date" value={told.date} onInput={(event) => set("date", event.currentTarget.value)} /></label>
        </div>
        {ticks(t("cases.forms"), "form", state.forms)}
        {ticks(t("cases.levels"), "levels", state.levels)}
        {ticks(t("cases.hazards"), "hazards", state.hazards)}
        {state.topics.map((topic) => (
          <fieldset key={topic.value} class="topic">
            <legend>{said(topic.title)}</legend>
            {["zh", "en"].map((code) => <label key={code} class="field"><span>{NAMES[code]}</span><textarea rows={2} maxLength={8000} lang={code} value={(told[topic.value] as Told)[code] ?? ""} onInput={(event) => set(topic.value, { ...(told[topic.value] as Told), [code]: event.currentTarget.value })} /></label>)}
          </fieldset>
        ))}
        <button class="first">{t("cases.keep_lessons")}</button>
      </form>
    </details>
  );
}
