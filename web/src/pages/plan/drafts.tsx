/** Drafts of the study: opened, made, copied, renamed, deleted, and written into the study as an alternative. */

import { useState } from "preact/hooks";
import { api, Refusal } from "../../lib/api";
import { tellError } from "../../lib/messages";
import { may, study } from "../../lib/session";
import { said, t } from "../../lib/texts";
import { Ask } from "./ask";
import type { Draft } from "./model";
import { busy, change, draft, draftPath, drafts, editable, open, path, plan, send, sendAgain, unsent, write } from "./state";

type Doing = "" | "new" | "copy" | "rename" | "delete" | "replace";

export function DraftBar() {
  const [doing, setDoing] = useState<Doing>("");
  const now = draft.value;
  const changes = may("editor");
  const save = (replace: boolean) => {
    setDoing("");
    write(replace).catch((fault) => (fault instanceof Refusal && fault.id === "web.plan.alternative_taken" && !replace ? setDoing("replace") : tellError(fault)));
  };
  return (
    <div class="plan-bar row">
      <label>{t("plan.draft")}{" "}
        <select value={now?.id ?? ""} onChange={(event) => void open(event.currentTarget.value).catch(tellError)}>
          {!now && <option value="">–</option>}
          {drafts.value.map((each) => <option key={each.id} value={each.id}>{said(each.title)} · {each.name}</option>)}
        </select>
      </label>
      {now && <span class="soft small">{t("plan.based_on", { name: said(plan.value?.alternatives[now.base]?.title) || now.base })}</span>}
      {changes && <button type="button" onClick={() => setDoing("new")}>{t("plan.new")}</button>}
      {editable.value && <>
        <button type="button" onClick={() => setDoing("copy")}>{t("plan.copy")}</button>
        <button type="button" onClick={() => setDoing("rename")}>{t("plan.rename")}</button>
        <button type="button" class="danger" onClick={() => setDoing("delete")}>{t("plan.delete")}</button>
        <span class="plan-gap" />
        <button type="button" aria-disabled={!now!.counting.length} title="Ctrl+Z" onClick={() => now!.counting.length && void send({ kind: "undo" })}>↶ {t("plan.undo")}</button>
        <button type="button" aria-disabled={!now!.undone.length} title="Ctrl+Shift+Z" onClick={() => now!.undone.length && void send({ kind: "redo" })}>↷ {t("plan.redo")}</button>
        <button type="button" class="first" onClick={() => save(false)}>{t("plan.write")}</button>
      </>}
      {now && <span class={unsent.value.length ? "small badge bad" : "soft small"} role="status">{unsent.value.length ? t("plan.unsent", { count: unsent.value.length }) : busy.value ? t("plan.saving") : t("plan.saved")}</span>}
      {unsent.value.length > 0 && <button type="button" onClick={() => void sendAgain()}>{t("plan.save_now")}</button>}
      {now && plan.value?.alternatives[now.base]?.portfolio && <p class="soft small plan-note">{t("plan.portfolio_left_out")}</p>}
      {(doing === "new" || doing === "copy" || doing === "rename") && <NameDialog doing={doing} done={() => setDoing("")} />}
      {doing === "delete" && (
        <Ask title={t("plan.delete_title", { name: now!.name })} text={t("plan.delete_text")} yes={t("plan.delete")} danger
          answer={(yes) => { setDoing(""); if (yes) void remove().catch(tellError); }} />
      )}
      {doing === "replace" && (
        <Ask title={t("plan.replace_title", { name: now!.name })} text={t("plan.replace_text")} yes={t("plan.replace")} danger
          answer={(yes) => (yes ? save(true) : setDoing(""))} />
      )}
    </div>
  );
}

async function remove(): Promise<void> {
  await change(() => api.remove(draftPath()), () => drafts.value[0]?.id ?? "");
  // The button that was pressed may be gone with the draft.
  document.querySelector<HTMLElement>(".plan-bar select")?.focus();
}

function NameDialog({ doing, done }: { doing: "new" | "copy" | "rename"; done: () => void }) {
  const now = draft.value;
  const renamed = doing === "rename" && now;
  const all = Object.entries(plan.value!.alternatives);
  const [name, setName] = useState(renamed ? now.name : freeName(doing === "copy" && now ? now.name : "draft"));
  const [zh, setZh] = useState(renamed ? now.title["zh"] ?? "" : "");
  const [en, setEn] = useState(renamed ? now.title["en"] ?? "" : "");
  const [base, setBase] = useState(all.find(([, each]) => each.builds && !each.portfolio)?.[0] ?? all[0]?.[0] ?? "");
  const submit = async () => {
    const title = { zh: zh.trim() || en.trim() || name, en: en.trim() || zh.trim() || name };
    let id = now?.id ?? "";
    await change(async () => {
      if (renamed) await api.patch<Draft>(draftPath(), { name, title });
      else ({ id } = await api.post<Draft>(`${path()}/drafts`, doing === "copy" ? { name, title, source: now!.id } : { name, title, base }));
    }, () => id);
    done();
  };
  return (
    <Ask title={t(`plan.${doing}_title`)} yes={t("plan.ok")} ready={/^[\p{L}\p{N}_][\p{L}\p{N}_-]{0,39}$/u.test(name)}
      answer={(yes) => (yes ? void submit().catch(tellError) : done())}>
      <label class="plan-field"><span>{t("plan.name")}</span><input type="text" value={name} maxLength={40} onInput={(event) => setName(event.currentTarget.value)} /></label>
      <p class="soft small">{t("plan.name_hint")}</p>
      <label class="plan-field"><span>{t("plan.title_zh")}</span><input type="text" value={zh} maxLength={120} onInput={(event) => setZh(event.currentTarget.value)} /></label>
      <label class="plan-field"><span>{t("plan.title_en")}</span><input type="text" value={en} maxLength={120} onInput={(event) => setEn(event.currentTarget.value)} /></label>
      {doing === "new" && (
        <label class="plan-field"><span>{t("plan.base")}</span>
          <select value={base} onChange={(event) => setBase(event.currentTarget.value)}>
            {all.map(([id, each]) => <option key={id} value={id}>{said(each.title)}{each.builds ? "" : ` (${t("plan.builds_nothing")})`}</option>)}
          </select>
        </label>
      )}
    </Ask>
  );
}

function freeName(stem: string): string {
  const taken = new Set([...drafts.value.map((each) => each.name.toLowerCase()), ...Object.keys(plan.value!.alternatives), study.value!.name]);
  for (let at = 1; ; at += 1) if (!taken.has(`${stem}-${at}`)) return `${stem}-${at}`.slice(0, 40);
}
