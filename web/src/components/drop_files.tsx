/** Where files and folders are dropped or chosen. */

import { useRef, useState } from "preact/hooks";
import { chosenFrom, droppedFrom, type Chosen } from "../lib/uploading";
import { tellError } from "../lib/messages";
import { t } from "../lib/texts";
import "./drop_files.css";

export function DropFiles({ take, disabled = false }: { take: (chosen: Chosen[]) => void; disabled?: boolean }) {
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const picked = (input: HTMLInputElement) => {
    const chosen = chosenFrom(input.files);
    input.value = "";
    if (chosen.length) take(chosen);
  };
  return (
    <div
      class={`drop ${over ? "over" : ""}`} role="group" aria-label={t("drop.title")}
      onDragOver={(event) => { event.preventDefault(); if (!disabled) setOver(true); }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        if (!disabled && event.dataTransfer) droppedFrom(event.dataTransfer).then((found) => { if (found.length) take(found); }, tellError);
      }}
    >
      <p><strong>{t("drop.title")}</strong></p>
      <p class="soft small">{t("drop.hint")}</p>
      <div class="row">
        <button type="button" disabled={disabled} onClick={() => folder.current?.click()}>{t("drop.folder")}</button>
        <button type="button" disabled={disabled} onClick={() => files.current?.click()}>{t("drop.files")}</button>
      </div>
      <input ref={files} class="hidden" type="file" multiple tabIndex={-1} aria-hidden="true" data-pick="files" onChange={(event) => picked(event.currentTarget)} />
      <input ref={folder} class="hidden" type="file" tabIndex={-1} aria-hidden="true" data-pick="folder" {...{ webkitdirectory: true }} onChange={(event) => picked(event.currentTarget)} />
    </div>
  );
}
