/** A question before something that is not easily undone; the keyboard stays within it. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../lib/texts";

export function Confirm({ title, text, action, yes, no }: { title: string; text: string; action: string; yes: () => void; no: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  // At once: keys that are pressed next are the dialog's.
  useLayoutEffect(() => { dialog.current?.showModal(); }, []);
  return (
    <dialog ref={dialog} aria-label={title} onCancel={(event) => { event.preventDefault(); no(); }}>
      <h2>{title}</h2>
      <p>{text}</p>
      <div class="row"><button type="button" class="danger" onClick={yes}>{action}</button><button type="button" autofocus onClick={no}>{t("keep")}</button></div>
    </dialog>
  );
}
