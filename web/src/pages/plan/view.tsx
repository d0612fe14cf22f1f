/** Draw an alternative: parcels and measures changed, what it does told at once, written into the study when it is done. */

import { useEffect, useState } from "preact/hooks";
import { CommentHere } from "../../components/comment_here";
import { Loading } from "../../components/loading";
import { Refusal, type Said } from "../../lib/api";
import { useLookAgain } from "../../lib/look_again";
import { tellError } from "../../lib/messages";
import { study } from "../../lib/session";
import { said, t } from "../../lib/texts";
import { Answers } from "./answers";
import { ClashDialog } from "./clash";
import { DraftBar } from "./drafts";
import { Log } from "./log";
import { PlanMap } from "./map";
import { Measures } from "./measures";
import { ParcelTable } from "./parcels";
import { chosenParcels, draft, editable, load, plan, refresh, send } from "./state";
import { ValuesPanel } from "./values";
import "./plan.css";

export default function PlanPage() {
  const [why, setWhy] = useState<Said | null>(null);
  useEffect(() => {
    plan.value = null;
    draft.value = null;
    setWhy(null);
    load().catch((fault: unknown) => (fault instanceof Refusal ? setWhy(fault.said) : tellError(fault)));
  }, [study.value?.id]);
  useLookAgain(refresh);
  useEffect(() => {
    const typed = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z" || !editable.value) return;
      const on = event.target as HTMLElement;
      if (on instanceof HTMLTextAreaElement || (on instanceof HTMLInputElement && on.type === "text")) return;
      event.preventDefault();
      void send({ kind: event.shiftKey ? "redo" : "undo" });
    };
    addEventListener("keydown", typed);
    return () => removeEventListener("keydown", typed);
  }, []);
  if (why) return <p class="empty" role="status">{said(why)}</p>;
  if (!plan.value) return <p class="empty" role="status"><Loading /></p>;
  return (
    <div class={draft.value ? "plan" : "plan no-draft"}>
      <h1 class="hidden">{t("page.plan")}</h1>
      <DraftBar />
      <section class="plan-list" aria-label={t("plan.parcels")}><ParcelTable /></section>
      <section class="plan-middle"><PlanMap /><Answers /></section>
      <section class="plan-side" aria-label={t("plan.changes")}>
        {draft.value ? <><ValuesPanel /><Measures /><Log /></> : <><p class="soft">{t("plan.no_draft_open")}</p>{chosenParcels.value.length === 1 && <CommentHere key={chosenParcels.value[0]!.id} words about={`parcel:${chosenParcels.value[0]!.id}`} title={chosenParcels.value[0]!.id} />}</>}
      </section>
      <ClashDialog />
    </div>
  );
}
