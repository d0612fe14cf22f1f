/** Entering a team's server: by name and password, or by the provider of identities that it has. */

import { useEffect, useState } from "preact/hooks";
import { api, type Refusal, type Said } from "../../lib/api";
import { go, here, place } from "../../lib/router";
import { loadSession, loadStudies } from "../../lib/session";
import { said, t } from "../../lib/texts";

interface Door { mode: "laptop" | "team"; provider: boolean }

export default function Login() {
  return <Entry />;
}

/** The form of a login; `entered` is told of it where a page is open below. */
export function Entry({ entered }: { entered?: () => void }) {
  const [door, setDoor] = useState<Door | null>(null);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<Said | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => { api.get<Door>("/api/door").then(setDoor, (fault: Refusal) => setProblem(fault.said)); }, []);

  async function enter(event: Event): Promise<void> {
    event.preventDefault();
    const stays = here();
    setBusy(true);
    setProblem(null);
    try {
      await api.post("/api/login", { name, password });
      await loadSession();
      if (entered) { entered(); return; }
      await loadStudies();
      // A link that was opened before logging in, or since, leads on to its page.
      if (stays() && ["", "login"].includes(place.value.page)) go({ page: "start" });
    } catch (fault) {
      setProblem((fault as Refusal).said);
      setBusy(false);
    }
  }

  if (door?.mode === "laptop") return <p class="empty">{t("not_logged_in_hint")}</p>;
  return (
    <div class="page narrow">
      <h1>{t("login.title")}</h1>
      <form class="card stack" onSubmit={(event) => void enter(event)}>
        <label>{t("login.name")}<input name="name" autocomplete="username" required value={name} onInput={(event) => setName(event.currentTarget.value)} /></label>
        <label>{t("login.password")}<input name="password" type="password" autocomplete="current-password" required value={password} onInput={(event) => setPassword(event.currentTarget.value)} /></label>
        {problem && <p class="badge bad" role="alert">{said(problem)}</p>}
        <button class="first" disabled={busy}>{t("login.enter")}</button>
        <p class="soft small">{t("login.forgotten")}</p>
        {door?.provider && <a href="/provider/enter">{t("login.provider")}</a>}
      </form>
    </div>
  );
}
