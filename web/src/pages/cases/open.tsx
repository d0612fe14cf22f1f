/** A case file of others: sent, then checked by a process apart and opened as a study by a job. */

import { useRef, useState } from "preact/hooks";
import { Opening, type Begun } from "../../components/opening";
import { UploadPanel } from "../../components/upload_panel";
import { api } from "../../lib/api";
import { t } from "../../lib/texts";
import { chosenFrom, type Chosen } from "../../lib/uploading";

export function OpenCase() {
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const [begun, setBegun] = useState<Begun | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const open = async (upload: { id: string }) => {
    try {
      const made = await api.post<Begun>(`/api/uploads/${upload.id}/case`);
      setChosen([]);
      setBegun(made);
    } catch (fault) {
      void api.remove(`/api/uploads/${upload.id}`).catch(() => undefined);
      throw fault;
    }
  };
  return (
    <>
      <p class="soft">{t("cases.open_hint")}</p>
      {begun ? <Opening begun={begun} left={() => setBegun(null)} /> : chosen.length === 0 ? <button type="button" class="first" onClick={() => input.current?.click()}>{t("cases.choose")}</button> : <UploadPanel chosen={chosen} action={t("cases.verify_and_open")} then={open} cancel={() => setChosen([])} />}
      <input ref={input} class="hidden" type="file" accept=".zip" tabIndex={-1} aria-hidden="true" data-pick="case" onChange={(event) => { setChosen(chosenFrom(event.currentTarget.files)); event.currentTarget.value = ""; }} />
    </>
  );
}
