/** Changes that are not written yet, with the very lines that will be; and the lines that were written last. */

import { t } from "../../lib/texts";
import { checked, discard, pending, save, written, type Line } from "./state";

export function Changes() {
  const count = pending.value.size;
  if (!count && !written.value.length) return null;
  return (
    <aside class="changes card" aria-label={t("files.changes")}>
      {count > 0 ? (
        <>
          <p role="status"><strong>{t("files.change_count", { count })}</strong></p>
          {checked.value && <Lines lines={checked.value.written} />}
          <div class="row">
            <button type="button" class="first" onClick={() => void save()}>{t("files.write")}</button>
            <button type="button" onClick={discard}>{t("files.discard")}</button>
          </div>
        </>
      ) : (
        <>
          <p role="status"><strong>{t("files.written")}</strong></p>
          <Lines lines={written.value} />
          <button type="button" onClick={() => (written.value = [])}>{t("dismiss")}</button>
        </>
      )}
    </aside>
  );
}

function Lines({ lines }: { lines: Line[] }) {
  return (
    <pre class="lines" tabIndex={0} aria-label={t("files.lines")}>
      {lines.map((line, at) => <code key={at} class={line.sign === "+" ? "plus" : "minus"}>{line.sign} {String(line.number).padStart(3)} {line.text}{"\n"}</code>)}
    </pre>
  );
}
