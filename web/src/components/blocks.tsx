/** Blocks of the report on a page: sentences, tables, and the pictures that the report has drawn. */

import { useState } from "preact/hooks";
import type { Said } from "../lib/api";
import { ofRun } from "../lib/of_run";
import { language, said, t } from "../lib/texts";
import "./tables.css";

export interface Block {
  kind: "paragraph" | "table" | "figure";
  style: string; text: Said; note: Said; name: string; left_out: number;
  heads: { title: Said; unit: Said; numeric: boolean }[];
  rows: Said[][];
}

export function Blocks({ blocks }: { blocks: Block[] }) {
  return <>{blocks.map((each, at) => <BlockView key={at} block={each} />)}</>;
}

function BlockView({ block }: { block: Block }) {
  if (block.kind === "table") return <TableView block={block} />;
  if (block.kind === "figure") return <FigureView block={block} />;
  const text = said(block.text);
  if (block.style === "heading") return <h2>{text}</h2>;
  return <p class={block.style === "lead" ? "lead" : block.style === "warning" ? "badge warn wide" : undefined}>{text}</p>;
}

function TableView({ block }: { block: Block }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={said(block.text)}>
      <table>
        <caption>{said(block.text)}</caption>
        <thead><tr>{block.heads.map((head, at) => <th key={at} scope="col" class={head.numeric ? "number" : undefined}>{said(head.title)}{said(head.unit) && ` (${said(head.unit)})`}</th>)}</tr></thead>
        <tbody>{block.rows.map((row, at) => (
          <tr key={at}>{row.map((cell, column) => column === 0 ? <th key={column} scope="row" class="row-head">{said(cell)}</th> : <td key={column} class={block.heads[column]?.numeric ? "number" : undefined}>{said(cell)}</td>)}</tr>
        ))}</tbody>
      </table>
      {said(block.note) && <p class="soft small">{said(block.note)}</p>}
      {block.left_out > 0 && <p class="soft small">{t("blocks.left_out", { count: block.left_out })}</p>}
    </div>
  );
}

function FigureView({ block }: { block: Block }) {
  const [absent, setAbsent] = useState(false);
  const source = ofRun(`/figures/${encodeURIComponent(block.name)}/${language.value}`);
  if (absent || source === null) return <p class="soft small">{t("blocks.no_figure", { title: said(block.text) })}</p>;
  return (
    <figure class="picture">
      <img src={source} alt={said(block.text)} loading="lazy" onError={() => setAbsent(true)} />
      <figcaption class="soft small">{said(block.text)}</figcaption>
    </figure>
  );
}
