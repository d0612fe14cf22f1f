/** Accepting an invitation: as a new person, or as the one who is logged in. Address: #/invitation?token=… */

import { useEffect, useState } from "preact/hooks";
import { api, type Refusal, type Said } from "../../lib/api";
import { go, here, place } from "../../lib/router";
import { loadSession, loadStudies, session } from "../../lib/session";
import { said, t } from "../../lib/texts";

interface Offered { role: string; folder: string; title: Said }

export default function Invitation() {
  const token = place.value.query.get("token") ?? "";
  const at = `/api/invitations/${encodeURIComponent(token)}`;
  const [offered, setOffered] = useState<Offered | null>(null);
  const [problem, setProblem] = useState<Said | null>(null);
  const [given, setGiven] = useState({ name: "", display: "", password: "" });
  useEffect(() => { setOffered(null); setProblem(null); api.get<Offered>(at).then(setOffered, (fault: Refusal) => setProblem(fault.said)); }, [at]);

  async function accept(event: Event): Promise<void> {
    event.preventDefault();
    const stays = here();
    setProblem(null);
    try {
      await (session.value ? api.put(at, {}) : api.post(at, given));
      await loadSession();
      await loadStudies();
      if (stays()) go({ page: "start" });
    } catch (fault) {
      setProblem((fault as Refusal).said);
    }
  }

  const field = (key: keyof typeof given) => ({ value: given[key], onInput: (event: Event) => setGiven({ ...given, [key]: (event.currentTarget as HTMLInputElement).value }) });
  return (
    <div class="page narrow">
      <h1>{t("invitation.title")}</h1>
      {offered && (
        <form class="card stack" onSubmit={(event) => void accept(event)}>
          <p>{t("invitation.offer", { role: t(`role.${offered.role}`), study: said(offered.title) || offered.folder })}</p>
          {!session.value && <>
            <label>{t("invitation.name")}<input autocomplete="username" required maxLength={120} {...field("name")} /></label>
            <label>{t("invitation.display")}<input autocomplete="name" maxLength={120} {...field("display")} /></label>
            <label>{t("invitation.password")}<input type="password" autocomplete="new-password" required minLength={12} maxLength={128} {...field("password")} /></label>
          </>}
          <button class="first">{session.value ? t("invitation.accept_as", { name: session.value.display }) : t("invitation.accept")}</button>
        </form>
      )}
      {problem && <p class="badge bad wide" role="alert">{said(problem)}</p>}
    </div>
  );
}
