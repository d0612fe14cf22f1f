/** An entry of the study file: role, CRS, encoding and more, and the columns that hold its quantities. */

import { useId, useState } from "preact/hooks";
import { said, t } from "../../lib/texts";
import { FieldInput } from "./field_input";
import { RoleSelect } from "./role_select";
import { editable, files, headers, set, settings, troubles, valueAt, type Column, type Entry, type StudyFile } from "./state";

/** Fields that a kind of layer can have; others are shown where they are set. */
const USEFUL: Record<string, string[]> = {
  table: ["encoding", "sheet", "unit", "value", "time", "event", "as_of"], raster: ["crs", "unit", "variable", "as_of"],
  polygon: ["crs", "axes", "encoding", "scheme", "as_of"], line: ["crs", "axes", "encoding", "as_of"], point: ["crs", "axes", "encoding", "as_of"],
};

export function EntryForm({ entry, file }: { entry: Entry; file: StudyFile }) {
  const [all, setAll] = useState(false);
  const id = useId();
  const layer = file.layers.find((each) => each.layer === entry.layer) ?? file.layers[0];
  const fields = settings.value!.fields["files"]!;
  const drawn = (layer?.patterns.length ?? 0) > 0;
  const useful = [...(USEFUL[layer?.kind ?? ""] ?? []), ...(drawn ? ["unit", "gap", "hidden"] : [])];
  const name = (field: { entry: string }) => field.entry.split(".")[1]!;
  const shown = fields.filter((field) => name(field) !== "role" && (all || useful.includes(name(field)) || name(field) in entry.settings));
  const gone = valueAt(["files", entry.name]) === null;
  const general = troubles.value.filter((each) => each.where === `files.${entry.name}`);
  if (gone) return <p class="row"><s>{entry.name}</s> <button type="button" onClick={() => set(["files", entry.name], settings.value!.content["files"][entry.name])}>{t("files.keep_entry")}</button></p>;
  return (
    <fieldset class="form entry">
      <legend><code>[files.{entry.name}]</code></legend>
      {said(entry.problem) && <p class="wrong">{said(entry.problem)}</p>}
      {general.map((each, at) => <p key={at} class="wrong" role="alert">{said(each.said)}</p>)}
      <div class="field"><label for={`${id}-role`}>{t("entry.files.role")}</label>
        <RoleSelect id={`${id}-role`} disabled={!editable.value} roles={files.value!.roles} value={String(valueAt(["files", entry.name, "role"]) ?? entry.name)} change={(role) => set(["files", entry.name, "role"], role === entry.name ? null : role || null)} />
        <p class="small soft">{t("entry_help.files.role")}</p></div>
      {shown.map((field) => <FieldInput key={field.entry} field={field} at={["files", entry.name, name(field)]} suggestions={name(field) === "crs" && !layer?.crs ? layer?.crs_candidates ?? [] : []} />)}
      <div class="wide row">
        <button type="button" class="small" aria-expanded={all} onClick={() => setAll(!all)}>{t(all ? "files.fewer_fields" : "files.all_fields")}</button>
        {editable.value && <button type="button" class="small" onClick={() => set(["files", entry.name], null)}>{t("files.drop_entry")}</button>}
      </div>
      {entry.columns.length > 0 && <Columns entry={entry} columns={headers(layer)} />}
    </fieldset>
  );
}

function Columns({ entry, columns }: { entry: Entry; columns: string[] }) {
  const [all, setAll] = useState(false);
  const at = ["files", entry.name, "columns"];
  const chosen = { ...((valueAt(at) ?? {}) as Record<string, string>) };
  const choose = (column: Column, header: string) => {
    const next = { ...chosen };
    if (header === "auto") delete next[column.quantity];
    else next[column.quantity] = header === "none" ? "" : header.slice(1);
    set(at, Object.keys(next).length ? next : null);
  };
  const shown = entry.columns.filter((each) => all || each.header || each.how !== "none" || each.quantity in chosen);
  return (
    <div class="wide">
      {shown.length > 0 && <div class="scroll"><table class="small">
        <caption>{t("columns.title")}</caption>
        <thead><tr><th>{t("columns.quantity")}</th><th>{t("columns.unit")}</th><th>{t("columns.column")}</th><th>{t("columns.how")}</th></tr></thead>
        <tbody>{shown.map((each) => {
          const value = each.quantity in chosen ? (chosen[each.quantity] ? `=${chosen[each.quantity]}` : "none") : "auto";
          return (
            <tr key={each.quantity}>
              <td title={each.quantity}>{said(each.title)}</td>
              <td>{said(each.unit) || "–"}</td>
              <td><select disabled={!editable.value} aria-label={t("columns.column_of", { quantity: said(each.title) })} value={value} onChange={(event) => choose(each, event.currentTarget.value)}>
                <option value="auto">{each.how === "chosen" ? t("columns.auto") : each.header ? t("columns.auto_found", { column: each.header }) : t("columns.auto_none")}</option>
                <option value="none">{t("columns.none")}</option>
                {columns.map((column) => <option key={column} value={`=${column}`}>{column}</option>)}
              </select></td>
              <td><span class={`badge ${each.how === "guessed" ? "warn" : ""}`}>{value === "auto" ? t(`columns.${each.how === "chosen" ? "open" : each.how}`, { percent: Math.round(100 * each.confidence) }) : t("columns.chosen")}</span></td>
            </tr>
          );
        })}</tbody>
      </table></div>}
      {shown.length < entry.columns.length && <button type="button" class="small" onClick={() => setAll(true)}>{t("columns.all", { count: entry.columns.length - shown.length })}</button>}
      {entry.unused.length > 0 && <p class="small soft">{t("columns.unused", { columns: entry.unused.slice(0, 30).join(", ") })}</p>}
    </div>
  );
}
