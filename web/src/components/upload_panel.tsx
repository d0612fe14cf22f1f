/** Files that were chosen: what is sent, how far it is, what is not wanted and why. */

import { useRef, useState } from "preact/hooks";
import { tell, tellError } from "../lib/messages";
import { here } from "../lib/router";
import { sizeSaid } from "../lib/sizes";
import { said, t } from "../lib/texts";
import { send, type Chosen, type Progress, type Upload } from "../lib/uploading";

const SHOWN = 200;

export function UploadPanel({ chosen, action, then, cancel, children }: {
  /** `stays` tells whether the page that sent them is still open. */
  chosen: Chosen[]; action: string; then: (upload: Upload, stays: () => boolean) => Promise<void>; cancel: () => void; children?: preact.ComponentChildren;
}) {
  const [progress, setProgress] = useState<Progress | null>(null);
  const [drafting, setDrafting] = useState(false);
  const [left, setLeft] = useState<Upload | null>(null);
  const stop = useRef<AbortController | null>(null);
  const size = chosen.reduce((sum, each) => sum + each.file.size, 0);
  const busy = progress !== null || drafting;
  const start = async (event: Event) => {
    event.preventDefault();
    const stays = here();
    stop.current = new AbortController();
    setProgress({ sent: 0, size, path: chosen[0]!.path });
    try {
      const upload = await send(chosen, setProgress, stop.current.signal);
      setLeft(upload);
      setProgress(null);
      setDrafting(true);
      await then(upload, stays);
      const refused = upload.files.filter((each) => Object.keys(each.refused).length);
      if (refused.length) tell("error", () => refused.slice(0, 8).map((each) => said(each.refused) || each.path).join("\n"));
    } catch (fault) {
      tellError(fault);
    } finally {
      setProgress(null);
      setDrafting(false);
    }
  };
  const refused = left?.files.filter((each) => Object.keys(each.refused).length) ?? [];
  return (
    <form class="card" onSubmit={(event) => void start(event)}>
      {children}
      <details>
        <summary>{t("upload.count", { count: chosen.length, size: sizeSaid(size) })}</summary>
        <ul class="small paths">{chosen.slice(0, SHOWN).map((each) => <li key={each.path}>{each.path}</li>)}{chosen.length > SHOWN && <li>{t("more", { count: chosen.length - SHOWN })}</li>}</ul>
      </details>
      {refused.length > 0 && <ul class="small" role="status">{refused.map((each) => <li key={each.path}>{said(each.refused)}</li>)}</ul>}
      {progress && (
        <div role="status" aria-live="off">
          <progress max={Math.max(progress.size, 1)} value={progress.sent} aria-label={t("upload.progress")} />
          <p class="small soft">{t("upload.sent", { sent: sizeSaid(progress.sent), size: sizeSaid(progress.size), path: progress.path })}</p>
        </div>
      )}
      {drafting && <p role="status">{t("upload.looking")}</p>}
      <div class="row">
        <button class="first" disabled={busy}>{action}</button>
        <button type="button" disabled={drafting} onClick={() => { stop.current?.abort(); cancel(); }}>{t("give_up")}</button>
      </div>
    </form>
  );
}
