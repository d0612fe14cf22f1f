/** Keys of one's own command line, which hand cases in to this server; and what one has handed in. */

import { useState } from "preact/hooks";
import { Loading } from "../../components/loading";
import { api, type Said } from "../../lib/api";
import { useFetched } from "../../lib/fetched";
import { tell, tellError } from "../../lib/messages";
import { moment, said, t } from "../../lib/texts";

interface Key { id: string; title: string; expires: string; used: string | null; secret: string }
interface Mine { by: string; cases: { name: string; number: number; state_said: Said; note: string }[] }

export function Keys() {
  const found = useFetched<Key[]>("/api/keys");
  const mine = useFetched<Mine>("/api/drafts");
  const [title, setTitle] = useState("");
  const [days, setDays] = useState(90);
  const [busy, setBusy] = useState(false);
  const [secret, setSecret] = useState("");
  const make = (event: Event) => {
    event.preventDefault();
    setBusy(true);
    api.post<Key>("/api/keys", { title, days }).then((made) => { setSecret(made.secret); setTitle(""); found.reload(); }, tellError).finally(() => setBusy(false));
  };
  const time = (iso: string) => moment(iso, { dateStyle: "medium" });
  const withdraw = (id: string) => void api.remove(`/api/keys/${id}`).then(found.reload, tellError);
  return (
    <>
      <p class="soft">{t("cases.keys_hint", { address: location.origin })}</p>
      <form class="card row" onSubmit={make}>
        <label>{t("cases.key_title")} <input required maxLength={100} value={title} onInput={(event) => setTitle(event.currentTarget.value)} /></label>
        <label>{t("cases.key_days")} <input type="number" required min={1} max={365} value={days} onInput={(event) => setDays(event.currentTarget.valueAsNumber)} /></label>
        <button class="first" disabled={busy}>{t("cases.key_make")}</button>
      </form>
      {secret && (
        <p class="card row" role="status"><span>{t("cases.key_once")}</span> <code class="break">{secret}</code>
          <button type="button" onClick={() => void navigator.clipboard.writeText(secret).then(() => tell("done", () => t("cases.key_copied")), tellError)}>{t("cases.key_copy")}</button></p>
      )}
      {found.value === null ? <p class="empty" role="status">{found.busy ? <Loading /> : ""}</p> : found.value.length === 0 ? <p class="empty">{t("cases.key_none")}</p> : (
        <ul class="plain-list found">{found.value.map((each) => (
          <li key={each.id} class="card row"><strong>{each.title}</strong> <span class="soft small">{t("cases.key_until", { time: time(each.expires) })} · {each.used ? t("cases.key_used", { time: time(each.used) }) : t("cases.key_unused")}</span>
            <button type="button" class="danger" onClick={() => withdraw(each.id)}>{t("cases.key_withdraw")}</button></li>
        ))}</ul>
      )}
      <h2>{t("cases.mine")}</h2>
      {mine.value === null || mine.value.cases.length === 0 ? <p class="empty">{mine.busy ? t("loading") : t("cases.mine_none")}</p> : (
        <ul class="plain-list">{mine.value.cases.map((each) => <li key={`${each.name} ${each.number}`}>{t("cases.handed_in", { name: each.name, version: each.number, state: said(each.state_said) })}{each.note && <span class="soft small block">{each.note}</span>}</li>)}</ul>
      )}
    </>
  );
}
