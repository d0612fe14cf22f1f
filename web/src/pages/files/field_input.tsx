/** One field of a form: the kind of input that its schema asks for, its help, and what is wrong with it. */

import { useId, useRef } from "preact/hooks";
import { said, t } from "../../lib/texts";
import { editable, set, troubles, valueAt, type Field } from "./state";

const LANGUAGES = ["zh", "en"];
const ENCODINGS = ["utf-8", "gb18030", "big5", "utf-16", "cp1252"];

export function FieldInput({ field, at, suggestions = [] }: { field: Field; at: string[]; suggestions?: string[] }) {
  const id = useId();
  const where = at.join(".");
  const wrong = troubles.value.filter((each) => each.where === where || each.where.startsWith(`${where}.`));
  const value = valueAt(at);
  const about = { id, disabled: !editable.value, "aria-invalid": wrong.length > 0, "aria-describedby": `${id}-help` };
  const list = field.entry.endsWith(".encoding") ? ENCODINGS : suggestions;
  const text = value === null || value === undefined ? "" : String(value);
  return (
    <div {...(field.kind === "titles_list" ? { class: "field wide", role: "group", "aria-labelledby": `${id}-title` } : { class: "field" })}>
      {field.kind === "titles_list" ? <strong class="small" id={`${id}-title`}>{t(`entry.${field.entry}`)}</strong>
        : <label for={field.kind === "titles" ? `${id}-zh` : id}>{t(`entry.${field.entry}`)}{field.needed && <span class="soft"> *</span>}</label>}
      {field.kind === "titles" ? (
        <Words about={about} words={(value ?? {}) as Titles} set={(words) => set(at, field.needed || filled(words) ? words : null)} />
      ) : field.kind === "titles_list" ? (
        <WordsList about={about} rows={(value ?? []) as Titles[]} set={(rows) => set(at, rows.length ? rows : null)} />
      ) : field.kind === "boolean" ? (
        <input {...about} type="checkbox" checked={value === true} onChange={(event) => set(at, event.currentTarget.checked || null)} />
      ) : field.choices.length ? (
        <select {...about} value={text} onChange={(event) => set(at, event.currentTarget.value || null)}>
          {[...new Set(["", ...field.choices])].map((each) => <option key={each} value={each}>{each ? t(`choice.${field.entry}.${each}`) : t("choice.none")}</option>)}
        </select>
      ) : field.kind === "number" || field.kind === "integer" ? (
        <input {...about} type="number" step={field.kind === "integer" ? 1 : "any"} min={field.low ?? undefined} max={field.high ?? undefined} value={text}
          onInput={(event) => set(at, event.currentTarget.value === "" ? null : Number(event.currentTarget.value))} />
      ) : (
        <>
          <input {...about} list={list.length ? `${id}-list` : undefined} maxLength={2000} value={text} onInput={(event) => set(at, codeOf(event.currentTarget.value) || (field.needed ? "" : null))} />
          {list.length > 0 && <datalist id={`${id}-list`}>{list.map((each) => <option key={each} value={each} />)}</datalist>}
          {suggestions.length > 0 && editable.value && (
            <select aria-label={t("files.suggestions", { count: suggestions.length })} value="" onChange={(event) => set(at, codeOf(event.currentTarget.value))}>
              <option value="">{t("files.suggestions", { count: suggestions.length })}</option>
              {suggestions.map((each) => <option key={each} value={each}>{each}</option>)}
            </select>
          )}
        </>
      )}
      <p id={`${id}-help`} class="small soft">{t(`entry_help.${field.entry}`)}</p>
      {wrong.map((each, number) => <p key={number} class="small wrong" role="alert">{said(each.said)}</p>)}
    </div>
  );
}

type Titles = Record<string, string>;
type About = { id: string; disabled: boolean; "aria-invalid": boolean; "aria-describedby": string };

const filled = (words: Titles): boolean => Object.values(words).some(Boolean);

/** Words in both languages, each in an input of its own. */
function Words({ about, words, set: put }: { about: About; words: Titles; set: (words: Titles) => void }) {
  return LANGUAGES.map((code) => (
    <label key={code} class="row nowrap"><span class="soft small">{code}</span><input {...about} id={`${about.id}-${code}`} maxLength={200} value={words[code] ?? ""} onInput={(event) => put({ ...words, [code]: event.currentTarget.value })} /></label>
  ));
}

/** Several such words, one under the other; more are added below, and each can be taken out. */
function WordsList({ about, rows, set: put }: { about: About; rows: Titles[]; set: (rows: Titles[]) => void }) {
  const list = useRef<HTMLUListElement>(null);
  const add = () => {
    put([...rows, { zh: "", en: "" }]);
    setTimeout(() => list.current?.lastElementChild?.querySelector("input")?.focus());
  };
  return (
    <>
      <ul class="plain-list words" ref={list}>{rows.map((words, at) => (
        <li key={at} role="group" aria-label={t("entry.row", { number: at + 1 })}>
          <Words about={{ ...about, id: at ? `${about.id}-${at}` : about.id }} words={words} set={(next) => put(rows.map((each, other) => (other === at ? next : each)))} />
          {!about.disabled && <button type="button" class="small" aria-label={t("entry.take_out_row", { number: at + 1 })} onClick={() => put(rows.filter((_, other) => other !== at))}>{t("entry.take_out")}</button>}
        </li>
      ))}</ul>
      {!about.disabled && <button type="button" class="small add" aria-describedby={about["aria-describedby"]} onClick={add}>{t("entry.add_row")}</button>}
    </>
  );
}

/** The code in a suggestion such as "EPSG:4549 (120E)". */
const codeOf = (text: string): string => /^(EPSG:\d+)( \(.*\))?$/.exec(text)?.[1] ?? text;
