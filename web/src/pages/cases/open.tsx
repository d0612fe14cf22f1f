/** A case file of others: sent, checked by a process apart, and opened as a study. */

import { useRef, useState } from "preact/hooks";
import { UploadPanel } from "../../components/upload_panel";
import { api } from "../../lib/api";
import { tell } from "../../lib/messages";
import { go } from "../../lib/router";
import { loadStudies, type Study } from "../../lib/session";
import { t } from "../../lib/texts";
import { chosenFrom, type Chosen } from "../../lib/uploading";

export function OpenCase() {
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const input = useRef<HTMLInputElement>(null);
  const open = async (upload: { id: string }) => {
    try {
      const made = await api.post<Study>(`/api/uploads/${upload.id}/case`);
      await loadStudies();
      tell("done", { en: t("cases.opened"), zh: t("cases.opened") });
      go({ study: made.id, page: "files" });
    } catch (fault) {
      void api.remove(`/api/uploads/${upload.id}`).catch(() => undefined);
      throw fault;
    }
  };
  return (
    <>
      <p class="soft">{t("cases.open_hint")}</p>
      {chosen.length === 0 ? <button type="button" class="first" onClick={() => input.current?.click()}>{t("cases.choose")}</button> : <UploadPanel chosen={chosen} action={t("cases.verify_and_open")} then={open} cancel={() => setChosen([])} />}
      <input ref={input} class="hidden" type="file" accept=".zip" tabIndex={-1} aria-hidden="true" data-pick="case" onChange={(event) => { setChosen(chosenFrom(event.currentTarget.files)); event.currentTarget.value = ""; }} />
    </>
  );
}
