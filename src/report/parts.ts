import type { Figure } from '../figures/frame.ts';
import { type Html, html, trusted } from './html.ts';

/** A drawing with its numbers below it; without them where the drawing shows them all as text. */
export function figurePart({ svg, text }: Figure, { caption = true } = {}): Html {
  return html`<figure>
${trusted(svg)}${caption && html`<figcaption>${text}</figcaption>\n`}</figure>
`;
}

export function figureGrid(figures: readonly Html[]): Html {
  return html`<div class="figures">
${figures}</div>
`;
}

export interface Column {
  readonly title: string;
  /** Aligned to the right. */
  readonly number?: boolean;
}

/** A table; the first cell of each row is its heading. On narrow screens it scrolls by itself, not the page. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly (string | Html)[])[],
): Html {
  const attribute = (i: number) => columns[i].number && trusted(' class="number"');
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0">
<table>
<caption>${caption}</caption>
<thead><tr>${columns.map(({ title }, i) => html`<th scope="col"${attribute(i)}>${title}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ([first, ...rest]) =>
    html`<tr><th scope="row"${attribute(0)}>${first}</th>${rest.map((cell, i) => html`<td${attribute(i + 1)}>${cell}</td>`)}</tr>\n`,
)}</tbody>
</table>
</div>
`;
}

/** Names and values, one a line. */
export function facts(entries: readonly (readonly [name: string, value: string | Html])[]): Html {
  return html`<dl class="facts">
${entries.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>
`;
}

/** What the reader must not miss. */
export function notice(text: string | Html): Html {
  return html`<div class="notice" role="note"><p>${text}</p></div>
`;
}
