/** A question that waits for its answer, as a dialog: Escape says no. */

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../lib/texts";

interface Asked { title: string; text?: string; yes: string; no?: string; danger?: boolean; ready?: boolean; answer: (yes: boolean) => void; children?: ComponentChildren }

export function Ask({ title, text, yes, no, danger, ready = true, answer, children }: Asked) {
  const box = useRef<HTMLDialogElement>(null);
  // At once: keys that are pressed next are the dialog's.
  useLayoutEffect(() => { const shown = box.current; shown?.showModal(); return () => shown?.close(); }, []);
  return (
    <dialog ref={box} class="plan-ask" aria-labelledby="plan-ask-title" onCancel={(event) => { event.preventDefault(); answer(false); }}>
      <form method="dialog" onSubmit={(event) => { event.preventDefault(); if (ready) answer(true); }}>
        <h2 id="plan-ask-title">{title}</h2>
        {text && <p>{text}</p>}
        {children}
        <div class="row plan-answers">
          <button type="submit" class={danger ? "danger" : "first"} disabled={!ready}>{yes}</button>
          <button type="button" onClick={() => answer(false)}>{no ?? t("plan.cancel")}</button>
        </div>
      </form>
    </dialog>
  );
}
