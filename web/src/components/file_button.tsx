/** A button that takes a file: a browser's own speaks the browser's language, this one the page's. */

import { useRef } from "preact/hooks";

export function FileButton({ label, about = "", accept, take, pick }: { label: string; about?: string; accept: string; take: (input: HTMLInputElement) => void; pick: string }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" aria-label={about || undefined} onClick={() => input.current?.click()}>{label}</button>
      <input ref={input} class="hidden" type="file" accept={accept} tabIndex={-1} aria-hidden="true" data-pick={pick} onChange={(event) => take(event.currentTarget)} />
    </>
  );
}
