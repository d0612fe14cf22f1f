/** The frame of every page: the study's name, navigation, language, messages. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ComponentType } from "preact";
import { Ended } from "./ended";
import { Loading } from "./loading";
import { api } from "../lib/api";
import { useLookAgain } from "../lib/look_again";
import { dismiss, messages, putAwayErrors, tell, tellError } from "../lib/messages";
import { pages, type Page } from "../lib/pages";
import { hashOf, place, setQuery } from "../lib/router";
import { listed, loadStudies, may, run, session, study, type Study } from "../lib/session";
import { begun, language, said, speak, t } from "../lib/texts";

const NAMES: Record<string, string> = { zh: "中文", en: "English", id: "Bahasa Indonesia", hi: "हिन्दी", th: "ไทย", fil: "Filipino" };

function shown(page: Page): boolean {
  if (page.needs === "anyone") return page.name === place.value.page;
  if (page.needs === "login") return session.value === null;
  if (session.value === null || (page.team && session.value.mode !== "team")) return false;
  if (page.needs === "nothing") return true;
  if (study.value === null || (page.role && !may(page.role))) return false;
  return page.needs === "study" || run.value !== "";
}

function chosen(): Page | undefined {
  const allowed = pages.filter(shown);
  return allowed.find((page) => page.name === place.value.page) ?? allowed[0];
}

/** Whether the address names a page that cannot be shown, so that another stands in for it. */
function lost(current: Page | undefined): boolean {
  const asked = place.value;
  return session.value !== null && listed.value && asked.page !== "" && asked.page !== "login" && current?.name !== asked.page;
}

/** Look for studies and runs of others. */
async function lookForOthers(): Promise<void> {
  if (session.value !== null) await loadStudies(keepRun);
}

/** Where a newer run has arrived, the page that is open now keeps the one that it shows, and tells of it. */
function keepRun(found: Study[]): void {
  const open = study.value, shown = run.value, runs = found.find((each) => each.id === open?.id)?.runs ?? [], arrived = runs[0];
  if (open === null || arrived === undefined || arrived === open.runs[0] || !runs.includes(shown) || chosen()?.needs !== "run") return;
  if (!place.value.query.has("run")) setQuery({ run: shown });
  tell("done", () => t("run_arrived", { run: arrived, shown }));
}

export function Shell() {
  useLookAgain(lookForOthers);
  const current = chosen();
  // Styles of a page apply to it alone (vite.config.ts).
  useLayoutEffect(() => void (document.body.dataset.page = current?.name ?? ""), [current]);
  const inStudy = study.value !== null;
  const links = useRef<HTMLElement>(null);
  // On a phone the links are wider than the screen: the one of this page must be seen.
  useLayoutEffect(() => links.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }), [current, inStudy, language.value]);
  const carried = place.value.query.get("run");
  const link = (page: Page) => hashOf({ study: page.needs === "nothing" ? "" : place.value.study, page: page.name, ...(carried && page.needs === "run" ? { query: { run: carried } } : {}) });
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>{t("skip")}</a>
      <header class="bar">
        <a class="brand" href="#/start">citybraid</a>
        {inStudy && <span class="study-title" title={said(study.value!.title)}>{said(study.value!.title) || study.value!.name}</span>}
        <nav ref={links} aria-label={t("navigation")}>
          {pages.filter((page) => page.order !== undefined && shown(page)).map((page) => (
            <a key={page.name} href={link(page)} aria-current={page === current ? "page" : undefined}>{t(`page.${page.name}`)}</a>
          ))}
        </nav>
        {session.value?.mode === "team" && <button type="button" class="plain leave" onClick={() => void api.remove("/api/session").then(() => location.assign("/"), tellError)}>{t("leave", { name: session.value.display })}</button>}
        <label class="language">
          <span class="hidden">{t("language")}</span>
          <select value={language.value} onChange={(event) => void speak(event.currentTarget.value).catch(tellError)}>
            {(session.value?.languages ?? ["en", "zh"]).map((code) => <option key={code} value={code}>{NAMES[code] ?? code}</option>)}
            {Object.entries(session.value?.begun ?? {}).map(([code, each]) => <option key={code} value={code}>{NAMES[code] ?? code} · {t("language_missing", { count: each.missing })}</option>)}
          </select>
        </label>
      </header>
      <Begun />
      <Messages />
      <Ended />
      <main id="main" tabIndex={-1}>{lost(current) && <p class="lost" role="alert">{t("page_not_here")}</p>}{current ? <Loaded page={current} key={`${current.name} ${place.value.study}`} /> : <p class="empty">{t("not_logged_in_hint")}</p>}</main>
      <p class="keys-hint small no-print" id="keys-hint">{t("keys_hint")}</p>
    </div>
  );
}

function Loaded({ page }: { page: Page }) {
  const [view, setView] = useState<{ default: ComponentType } | null>(null);
  const [gone, setGone] = useState(false);
  useEffect(() => { page.load().then(setView, () => setGone(true)); }, [page]);
  useEffect(() => putAwayErrors, [page]);
  useEffect(() => { document.title = `${t(`page.${page.name}`)} – ${study.value ? said(study.value.title) : "citybraid"}`; });
  if (gone) return <p class="empty" role="alert">{t("page_gone")} <button type="button" onClick={() => location.reload()}>{t("reload")}</button></p>;
  return view ? <view.default /> : <p class="empty" role="status"><Loading /></p>;
}

/** What a language that the pages begin to speak lacks: told on every page, as its words are mixed with English ones. */
function Begun() {
  const of = begun.value[language.value];
  return of ? <p class="begun small no-print" role="note">{t("language_begun", { have: of.texts - of.missing, all: of.texts, unreviewed: of.unreviewed })}</p> : null;
}

function Messages() {
  return (
    <div class="messages" role="log" aria-live="polite">
      {messages.value.map((each) => (
        <p key={each.id} class={`message ${each.kind}`} role={each.kind === "error" ? "alert" : "status"}>
          <span>{each.words()}</span>
          <button type="button" class="plain" aria-label={t("dismiss")} onClick={() => dismiss(each.id)}>×</button>
        </p>
      ))}
    </div>
  );
}
