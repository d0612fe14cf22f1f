/** One's own account on a team's server: password, sessions, quotas. */

import { useEffect, useState } from "preact/hooks";
import { Loading } from "../../components/loading";
import { api, type Refusal, type Said } from "../../lib/api";
import { tell, tellError } from "../../lib/messages";
import { useNewest } from "../../lib/newest";
import { goOn } from "../../lib/session";
import { moment, number, said, t } from "../../lib/texts";

interface Account {
  name: string; display: string; admin: boolean; password: boolean; sessions: { begun: string; expires: string; here: boolean }[];
  used_mib: number; space_mib: number | null; cores: number | null; jobs: number; open_jobs: number; job_minutes: number | null; job_mib: number | null;
}

export default function AccountPage() {
  const [found, setFound] = useState<Account | null>(null);
  const begin = useNewest();
  const load = () => { const newest = begin(); return api.get<Account>("/api/account").then((each) => { if (newest()) setFound(each); }).catch(tellError); };
  useEffect(() => void load(), []);
  if (found === null) return <p class="empty" role="status"><Loading /></p>;
  const others = found.sessions.filter((each) => !each.here).length;
  const end = () => void api.remove("/api/account/sessions").then(load).then(() => tell("done", () => t("account.ended"))).catch(tellError);
  return (
    <div class="page">
      <h1>{t("page.account")}</h1>
      <p>{found.display}{found.display !== found.name && <span class="soft"> ({found.name})</span>} {found.admin && <span class="badge">{t("account.admin")}</span>}</p>
      <h2>{t("account.room")}</h2>
      <p>{found.space_mib === null ? t("account.used", { used: number(found.used_mib) }) : t("account.used_of", { used: number(found.used_mib), quota: number(found.space_mib) })}</p>
      {found.space_mib !== null && <progress max={found.space_mib} value={Math.min(found.used_mib, found.space_mib)} aria-label={t("account.room")} />}
      <p>{found.cores === null ? t("account.all_cores") : t("account.cores", { count: found.cores })}</p>
      <p>{t("account.jobs", { open: found.open_jobs, most: found.jobs })}</p>
      {found.job_minutes !== null && <p>{t("account.minutes", { count: found.job_minutes })}</p>}
      {found.job_mib !== null && <p>{t("account.memory", { mib: number(found.job_mib) })}</p>}
      <p class="soft small">{t("account.keeper")}</p>
      <h2>{t("account.sessions")}</h2>
      <div class="scroll" tabIndex={0} role="group" aria-label={t("account.sessions")}>
        <table>
          <caption class="hidden">{t("account.sessions")}</caption>
          <thead><tr><th scope="col">{t("account.begun")}</th><th scope="col">{t("account.expires")}</th><th scope="col"><span class="hidden">{t("account.here")}</span></th></tr></thead>
          <tbody>{found.sessions.map((each, at) => <tr key={at}><td>{moment(each.begun)}</td><td>{moment(each.expires)}</td><td>{each.here && <span class="badge">{t("account.here")}</span>}</td></tr>)}</tbody>
        </table>
      </div>
      <p><button type="button" disabled={others === 0} onClick={end}>{t("account.end_others")}</button></p>
      <h2>{t("account.password")}</h2>
      {found.password ? <Password name={found.name} /> : <p class="soft">{t("account.no_password")}</p>}
    </div>
  );
}

function Password({ name }: { name: string }) {
  const [given, setGiven] = useState({ present: "", password: "", again: "" });
  const [problem, setProblem] = useState<Said | "differ" | null>(null);
  const [busy, setBusy] = useState(false);
  const field = (key: keyof typeof given) => ({ value: given[key], onInput: (event: Event) => setGiven({ ...given, [key]: (event.currentTarget as HTMLInputElement).value }) });

  async function change(event: Event): Promise<void> {
    event.preventDefault();
    if (given.password !== given.again) { setProblem("differ"); return; }
    setBusy(true);
    setProblem(null);
    try {
      await api.put("/api/password", { present: given.present, password: given.password });
      await api.post("/api/login", { name, password: given.password });
      // Every session had ended for a moment: what was asked for in it is asked for again.
      goOn(name);
      setGiven({ present: "", password: "", again: "" });
      tell("done", () => t("account.changed"));
    } catch (fault) {
      setProblem((fault as Refusal).said);
    }
    setBusy(false);
  }

  return (
    <form class="card stack narrow" onSubmit={(event) => void change(event)}>
      <p class="soft small">{t("account.password_how")}</p>
      <input class="hidden" type="text" autocomplete="username" value={name} readOnly tabIndex={-1} aria-hidden="true" />
      <label>{t("account.present")}<input type="password" autocomplete="current-password" required maxLength={128} {...field("present")} /></label>
      <label>{t("invitation.password")}<input type="password" autocomplete="new-password" required minLength={12} maxLength={128} {...field("password")} /></label>
      <label>{t("account.again")}<input type="password" autocomplete="new-password" required maxLength={128} {...field("again")} /></label>
      {problem && <p class="badge bad" role="alert">{problem === "differ" ? t("account.differ") : said(problem)}</p>}
      <button class="first" disabled={busy}>{t("account.change")}</button>
    </form>
  );
}
