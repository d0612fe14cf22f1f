/** Every file of a study: what it is, how sure that is, and the choices of its entries. */

import { useEffect, useState } from "preact/hooks";
import { Confirm, refocus } from "../../components/confirm";
import { DropFiles } from "../../components/drop_files";
import { UploadPanel } from "../../components/upload_panel";
import { oneStop } from "../../lib/one_stop";
import { place } from "../../lib/router";
import { study } from "../../lib/session";
import { sizeSaid } from "../../lib/sizes";
import { number, said, t } from "../../lib/texts";
import { withoutFolder, type Chosen } from "../../lib/uploading";
import { DrawingLayers } from "./drawing_layers";
import { EntryForm } from "./entry_form";
import { RoleSelect } from "./role_select";
import { add, editable, files, headers, opened, pending, remove, set, settings, troubles, type Listed, type Layer } from "./state";

export function FileList() {
  const { files: listed, missing, roles } = files.value!;
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const into = study.value!.id;
  return (
    <>
      <ul class="plain-list files" ref={oneStop} data-one-stop=".file > summary">{listed.map((each) => <li key={each.file.id}><FileCard listed={each} /></li>)}</ul>
      {listed.length === 0 && <p class="empty">{t("files.none")}</p>}
      {missing.length > 0 && (
        <section class="card"><h2>{t("files.missing")}</h2><p class="small soft">{t("files.missing_hint")}</p>
          <ul>{missing.map((each) => <li key={each.name}><code>{String(each.settings["path"] ?? "")}</code> – {each.name} ({said(roles.find((role) => role.role === each.role)?.title) || each.role})
            {editable.value && <> <button type="button" class="small" aria-label={t("files.drop_entry_of", { name: each.name })} onClick={() => set(["files", each.name], null)}>{t("files.drop_entry")}</button></>}</li>)}</ul></section>
      )}
      {editable.value && (chosen.length === 0
        ? <DropFiles disabled={pending.value.size > 0} take={(found) => setChosen(withoutFolder(found).files)} />
        : <UploadPanel chosen={chosen} action={t("files.add")} cancel={() => setChosen([])} then={async (upload) => { await add(upload.id, into); setChosen([]); }} />)}
    </>
  );
}

/** Whether a layer lies on the ground, so that it needs a coordinate system. */
const placed = (layer: Layer): boolean => !["table", "weather"].includes(layer.kind);
const LIGHT = (sure: number): string => (sure >= 0.8 ? "" : sure >= 0.5 ? "warn" : "bad");

function FileCard({ listed: { file, entries } }: { listed: Listed }) {
  const wanted = entries.some((each) => each.name === place.value.query.get("entry"));
  const wrong = troubles.value.filter((each) => entries.some((entry) => each.where.startsWith(`files.${entry.name}`)));
  const open = opened.value.has(file.id);
  const setOpen = (now: boolean) => {
    const all = new Set(opened.value);
    now ? all.add(file.id) : all.delete(file.id);
    if (now !== open) opened.value = all;
  };
  const [asked, setAsked] = useState(false);
  useEffect(() => { if (wanted) { setOpen(true); document.getElementById(`file-${file.id}`)?.scrollIntoView({ block: "start" }); } }, [wanted]);
  const roles = files.value!.roles;
  const title = (role: string) => said(roles.find((each) => each.role === role)?.title) || role;
  const factors = settings.value?.content["factors"] === file.path;
  return (
    <details class="card file" id={`file-${file.id}`} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <strong class="path">{file.path}</strong>
        <span class="row tight facts">
          {entries.map((each) => <span key={each.name} class="badge">{title(each.role)}</span>)}
          {factors && <span class="badge">{t("files.factors")}</span>}
          {!entries.length && !factors && <span class={`badge ${said(file.refused) ? "bad" : "warn"}`}>{t(said(file.refused) ? "files.refused" : "files.unused")}</span>}
          {file.layers.length === 1 && <LayerFacts layer={file.layers[0]!} entries={entries.length} chosen={String(entries[0]?.settings["crs"] ?? "")} />}
          {file.layers.length > 1 && <span class="small">{t("files.layers", { count: file.layers.length })}</span>}
          <span class="small soft">{sizeSaid(file.size)}</span>
          {wrong.length > 0 && <span class="badge bad">{t("files.wrong", { count: wrong.length })}</span>}
        </span>
      </summary>
      {open && <>
        {said(file.refused) && <p class="wrong">{said(file.refused)}</p>}
        {file.layers.length > 0 && <LayerTable layers={file.layers} title={title} />}
        {file.reader === "dxf" && <DrawingLayers file={file} />}
        {entries.map((each) => <EntryForm key={each.name} entry={each} file={file} />)}
        {editable.value && file.layers.map((layer) => !entries.some((each) => each.layer === layer.layer || file.layers.length === 1) && <UseAs key={layer.layer} path={file.path} layer={layer} several={file.layers.length > 1} />)}
        {editable.value && file.inside && (
          <p><button type="button" class="danger" disabled={pending.value.size > 0} onClick={() => setAsked(true)}>{t("files.remove")}</button></p>
        )}
        {asked && <Confirm title={t("files.remove_of", { path: file.path })} text={t("files.remove_told")} action={t("files.remove")} yes={() => { setAsked(false); void remove(file).then(() => { requestAnimationFrame(refocus); }); }} no={() => setAsked(false)} />}
      </>}
    </details>
  );
}

function LayerFacts({ layer, entries, chosen }: { layer: Layer; entries: number; chosen: string }) {
  return (
    <>
      {layer.count > 0 && <span class="small">{t("files.rows", { count: number(layer.count, 9) })}</span>}
      {placed(layer) && <span class={`small ${layer.crs || chosen ? "" : "amber"}`}>{chosen ? t("files.crs_chosen", { crs: short(chosen) }) : short(layer.crs) || t("files.no_crs")}</span>}
      {layer.encoding && <span class="small">{layer.encoding}</span>}
      {entries > 0 && <span class={`badge ${LIGHT(layer.confidence)}`}>{t("files.sure", { percent: Math.round(100 * layer.confidence) })}</span>}
    </>
  );
}

function LayerTable({ layers, title }: { layers: Layer[]; title: (role: string) => string }) {
  return (
    <div class="scroll"><table class="small">
      <thead><tr><th>{t("files.layer")}</th><th>{t("files.kind")}</th><th class="number">{t("files.rows_head")}</th><th>{t("files.crs")}</th><th>{t("files.encoding")}</th><th>{t("files.guess")}</th></tr></thead>
      <tbody>{layers.map((each) => (
        <tr key={each.layer}>
          <td>{each.layer || "–"}{headers(each).length > 0 && <p class="soft columns-named">{headers(each).slice(0, 12).join(", ")}{headers(each).length > 12 ? " …" : ""}</p>}</td>
          <td>{each.kind ? t(`kind.${each.kind}`) : "–"}</td>
          <td class="number">{each.count ? number(each.count, 6) : "–"}</td>
          <td>{short(each.crs) || (placed(each) ? t("files.no_crs") : "–")}</td>
          <td>{each.encoding || "–"}</td>
          <td>{each.role ? `${title(each.role)} (${Math.round(100 * each.confidence)}%)` : "–"}<p class="soft">{said(each.reason)}</p></td>
        </tr>
      ))}</tbody>
    </table></div>
  );
}

/** The short name of a CRS: its code, or the first quoted name of its WKT. */
const short = (crs: string): string => crs.split('"')[1] ?? crs;

function UseAs({ path, layer, several }: { path: string; layer: Layer; several: boolean }) {
  const [role, setRole] = useState(layer.role);
  const roles = files.value!.roles;
  const have = settings.value!.content["files"] ?? {};
  const use = () => {
    let name = role;
    for (let number = 2; name in have || pending.value.has(JSON.stringify(["files", name])); number += 1) name = `${role}_${number}`;
    const drawn = layer.patterns.length > 0;
    set(["files", name], { path, ...(name === role ? {} : { role }), ...(drawn ? { layers: { [role]: layer.patterns.length === 1 ? layer.patterns[0] : "*" } } : several ? { sheet: layer.layer } : {}) });
  };
  return (
    <p class="row">
      <label>{t("files.use_as", { layer: layer.layer || path.split("/").at(-1)! })} <RoleSelect roles={roles} value={role} change={setRole} /></label>
      <button type="button" disabled={!role} onClick={use}>{t("files.use")}</button>
    </p>
  );
}
