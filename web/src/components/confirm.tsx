/** A question before something that is not easily undone; the keyboard stays within it. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../lib/texts";

/** Give the focus to the page where what had it is gone. */
export function refocus(): void {
  if (document.activeElement === document.body) document.getElementById("main")?.focus();
}

export function Confirm({ title, text, action, yes, no }: { title: string; text: string; action: string; yes: () => void; no: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  // At once: keys that are pressed next are the dialog's.
  useLayoutEffect(() => { const shown = dialog.current; shown?.showModal(); return () => shown?.close(); }, []);
  return (
    <dialog ref={dialog} aria-label={title} onCancel={(event) => { event.preventDefault(); no(); }}>
      <h2>{title}</h2>
      <p>{text}</p>
      <div class="row"><button type="button" class="danger" onClick={yes}>{action}</button><button type="button" autofocus onClick={no}>{t("keep")}</button></div>
    </dialog>
  );
}
