/** Where the session has ended while a page is open: one logs in above it, and it goes on with all that was typed. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ComponentType } from "preact";
import { ended, goOn, session } from "../lib/session";
import { t } from "../lib/texts";

type Form = ComponentType<{ entered?: () => void }>;

export function Ended() {
  return ended.value ? <Again /> : null;
}

function Again() {
  const dialog = useRef<HTMLDialogElement>(null);
  const before = useRef(session.value!.name).current;
  const [form, setForm] = useState<{ Entry: Form } | null>(null);
  useEffect(() => void import("../pages/login/view").then(setForm), []);
  useLayoutEffect(() => { const shown = dialog.current; shown?.showModal(); return () => shown?.close(); }, []);
  return (
    <dialog ref={dialog} aria-label={t("session_ended")} onCancel={(event) => event.preventDefault()}>
      <p role="alert">{t("session_ended")}</p>
      {form && <form.Entry entered={() => goOn(before)} />}
    </dialog>
  );
}
