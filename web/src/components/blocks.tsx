/** Blocks of the report on a page: sentences, tables, and the pictures that the report has drawn. */

import { useEffect, useState } from "preact/hooks";
import { api, type Said } from "../lib/api";
import { useFetched } from "../lib/fetched";
import { tellError } from "../lib/messages";
import { nameClass } from "../lib/names";
import { ofRun } from "../lib/of_run";
import { written, said, t, withUnit } from "../lib/texts";
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

/** Whether any cell of a column holds more than a word or a number: on a phone it keeps room for that and scrolls. */
function isLong(rows: Said[][], column: number): boolean {
  return rows.some((row) => { const text = said(row[column]); return (/[⺀-鿿]/.test(text) ? 2 : 1) * text.length > 16; });
}

function TableView({ block }: { block: Block }) {
  const words = block.heads.map((head, at) => (!head.numeric && isLong(block.rows, at) ? " words" : ""));
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={said(block.text)}>
      <table class="told">
        <caption>{said(block.text)}</caption>
        <thead><tr>{block.heads.map((head, at) => <th key={at} scope="col" class={(head.numeric ? "number" : words[at]) + nameClass(said(head.title))}>{withUnit(said(head.title), said(head.unit))}</th>)}</tr></thead>
        <tbody>{block.rows.map((row, at) => (
          <tr key={at}>{row.map((cell, column) => column === 0 ? <th key={column} scope="row" class={`row-head${words[0]}`}>{said(cell)}</th> : <td key={column} class={block.heads[column]?.numeric ? "number" : words[column]}>{said(cell)}</td>)}</tr>
        ))}</tbody>
      </table>
      {said(block.note) && <p class="soft small">{said(block.note)}</p>}
      {block.left_out > 0 && <p class="soft small">{t("blocks.left_out", { count: block.left_out })}</p>}
    </div>
  );
}

const LASTS_MS = 5000;
const asked = new Map<string, Promise<Set<string>>>();

/** Names of the files of a run's report, so that no picture is asked for that is not drawn yet; kept for moments. */
function drawn(list: string): Promise<Set<string>> {
  let found = asked.get(list);
  if (!found) {
    found = api.get<{ files: { name: string }[] }>(list).then((report) => new Set(report.files.map((each) => each.name)));
    asked.set(list, found);
    setTimeout(() => asked.delete(list), LASTS_MS);
  }
  return found;
}

function FigureView({ block }: { block: Block }) {
  const [there, setThere] = useState<boolean | null>(null);
  const source = ofRun(`/figures/${encodeURIComponent(block.name)}/${written.value}`), list = ofRun("/report"), file = `maps/${written.value}/${block.name}.png`;
  useEffect(() => {
    let left = false;
    if (list !== null) drawn(list).then((names) => { if (!left) setThere(names.has(file)); }, tellError);
    return () => { left = true; };
  }, [list, file]);
  const told = useFetched<{ seen: string }>(there && source !== null ? `${source}/seen` : null);
  // A picture that does not come is asked for once more: where the session has ended, after the next login.
  const [turn, setTurn] = useState(0);
  const missed = () => (turn > 0 ? setThere(false) : void api.get(list!).then(() => setTurn(1), () => setThere(false)));
  if (there === null) return null;
  if (!there || source === null) return <p class="soft small">{t("blocks.no_figure", { title: said(block.text) })}</p>;
  return (
    <figure class="picture">
      <img src={source} alt={told.value?.seen || said(block.text)} loading="lazy" key={turn} onError={missed} />
      <figcaption class="soft small">{said(block.text)}</figcaption>
    </figure>
  );
}
