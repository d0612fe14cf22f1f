/** The study file as it stands: nothing of it is hidden. */

import { said, t } from "../../lib/texts";
import { settings, troubles } from "./state";

export function StudyText() {
  const { text, version } = settings.value!;
  return (
    <>
      <p class="soft small">{t("files.text_hint", { version })}</p>
      {troubles.value.length > 0 && <ul class="card troubles">{troubles.value.map((each, at) => <li key={at}>{said(each.said)}</li>)}</ul>}
      <pre class="text card" tabIndex={0} aria-label="study.toml">{text.split("\n").map((line, at) => <code key={at} class={/^\s*#/.test(line) ? "remark" : ""}>{line}{"\n"}</code>)}</pre>
    </>
  );
}
