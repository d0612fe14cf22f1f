/** Layers of a drawing as a picture and a table: what is on each, and which role it may have. */

import { useState } from "preact/hooks";
import { api, type Said } from "../../lib/api";
import { tellError } from "../../lib/messages";
import { study } from "../../lib/session";
import { written, number, said, t } from "../../lib/texts";
import { files, type StudyFile } from "./state";

interface Drawing {
  version: string; encoding: string; stated: string; unit: string; crs_candidates: string[]; findings: Said[];
  layers: { name: string; state: string; shapes: number; closed: number; length: number; area: number; samples: string[]; role: string; confidence: number; reason: Said }[];
}

export function DrawingLayers({ file }: { file: StudyFile }) {
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  const [busy, setBusy] = useState(false);
  const path = `/api/studies/${study.value!.id}/files/${file.id}`;
  const look = () => {
    setBusy(true);
    api.get<Drawing>(`${path}/layers`).then(setDrawing, tellError).finally(() => setBusy(false));
  };
  const title = (role: string) => said(files.value!.roles.find((each) => each.role === role)?.title) || role;
  if (!drawing) return <p><button type="button" disabled={busy} onClick={look}>{t(busy ? "loading" : "drawing_page.look")}</button></p>;
  return (
    <section aria-label={t("drawing_page.title")}>
      <p class="small soft">{t("drawing_page.about", { version: drawing.version, encoding: drawing.encoding, unit: drawing.unit || "–" })}</p>
      <img class="picture" src={`${path}/picture?language=${written.value}`} alt={t("drawing_page.picture", { path: file.path })} loading="lazy" />
      <div class="scroll"><table class="small">
        <thead><tr><th>{t("drawing_page.layer")}</th><th class="number">{t("drawing_page.shapes")}</th><th class="number">{t("drawing_page.closed")}</th><th class="number">{t("drawing_page.area")}</th><th>{t("drawing_page.texts")}</th><th>{t("drawing_page.role")}</th></tr></thead>
        <tbody>{drawing.layers.map((each) => (
          <tr key={each.name}><td>{each.name}{each.state !== "on" && <span class="soft"> ({t("drawing_page.off")})</span>}</td><td class="number">{number(each.shapes, 6)}</td><td class="number">{number(each.closed, 6)}</td><td class="number">{each.area ? number(each.area / 1e4, 4) : "–"}</td><td>{each.samples.join(" | ") || "–"}</td>
            <td>{each.role ? `${title(each.role)} (${Math.round(100 * each.confidence)}%)` : "–"}<p class="soft">{said(each.reason)}</p></td></tr>
        ))}</tbody>
      </table></div>
      {drawing.findings.length > 0 && <ul class="small">{drawing.findings.map((each, at) => <li key={at}>{said(each)}</li>)}</ul>}
    </section>
  );
}
