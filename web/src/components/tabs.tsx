/** Parts of a page, one of which is shown: arrow keys move between them. */

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import "./tabs.css";

export interface Tab { id: string; title: string }

export function Tabs({ label, tabs, chosen, choose, children }: { label: string; tabs: Tab[]; chosen: string; choose: (id: string) => void; children: ComponentChildren }) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    // From the tab that has the focus: of two quick keys the second comes before the choice is drawn anew.
    const held = tabs.findIndex((each) => `tab-${each.id}` === (event.target as HTMLElement).id);
    const at = ((held < 0 ? tabs.findIndex((each) => each.id === chosen) : held) + step + tabs.length) % tabs.length;
    choose(tabs[at]!.id);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[at]?.focus();
  };
  return (
    <>
      <div class="tabs no-print" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map((each) => <button key={each.id} type="button" role="tab" id={`tab-${each.id}`} aria-controls="tab-shown" aria-selected={each.id === chosen} tabIndex={each.id === chosen ? 0 : -1} onClick={() => choose(each.id)}>{each.title}</button>)}
      </div>
      <div role="tabpanel" id="tab-shown" aria-labelledby={`tab-${chosen}`}>{children}</div>
    </>
  );
}
