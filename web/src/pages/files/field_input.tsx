/** One field of a form: the kind of input that its schema asks for, its help, and what is wrong with it. */

import { useId } from "preact/hooks";
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
    <div class="field">
      <label for={field.kind === "titles" ? `${id}-zh` : id}>{t(`entry.${field.entry}`)}{field.needed && <span class="soft"> *</span>}</label>
      {field.kind === "titles" ? LANGUAGES.map((code) => {
        const words = (value ?? {}) as Record<string, string>;
        return <label key={code} class="row nowrap"><span class="soft small">{code}</span><input {...about} id={`${id}-${code}`} maxLength={200} value={words[code] ?? ""} onInput={(event) => set(at, { ...words, [code]: event.currentTarget.value })} /></label>;
      }) : field.kind === "boolean" ? (
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

/** The code in a suggestion such as "EPSG:4549 (120E)". */
const codeOf = (text: string): string => /^(EPSG:\d+)( \(.*\))?$/.exec(text)?.[1] ?? text;
