import { type PlotOptions, plot } from '@observablehq/plot';
import { DOMImplementation, type Element, XMLSerializer } from '@xmldom/xmldom';
import { FIGURE_WIDTH } from './theme.ts';

/** The font has no arrows; a label in the middle of its axis needs none. */
const AXIS = { labelAnchor: 'center', labelArrow: 'none', labelOffset: 44 } as const;

/**
 * Axes and marks as the content of a `frame`: Observable Plot, drawn without a browser. Numbers are rounded to hundredths
 * of a unit, so that the last bits of `Math` do not show. Options of Plot that make HTML (legends, captions) do not work.
 */
export function chart(options: Omit<PlotOptions, 'document' | 'style'>): string {
  const document = new DOMImplementation().createDocument('http://www.w3.org/1999/xhtml', 'html');
  const drawn = plot({
    document: document as unknown as Document,
    width: FIGURE_WIDTH,
    marginTop: 16,
    marginRight: 20,
    marginBottom: 52,
    marginLeft: 74,
    ...options,
    x: { ...AXIS, ...options.x },
    y: { ...AXIS, labelOffset: 58, grid: true, ...options.y },
  }) as unknown as Element;
  const parts = [...drawn.childNodes].filter(({ nodeName }) => nodeName !== 'style');
  for (const element of drawn.getElementsByTagName('*')) tidy(element);
  const serializer = new XMLSerializer();
  return `<g text-anchor="middle">${parts.map((part) => serializer.serializeToString(part)).join('')}</g>`;
}

/** Attributes of lengths, places and paths; not those of text, such as a label. */
const NUMERIC = 'x y x1 x2 y1 y2 cx cy r dx dy width height d transform points'.split(' ');

function tidy(element: Element): void {
  for (const name of NUMERIC) {
    const value = element.getAttribute(name);
    if (value !== null) element.setAttribute(name, value.replace(/-?\d+\.\d{3,}(e-?\d+)?/g, rounded));
  }
  // The description of the figure says it all; labels on groups that have no role are an accessibility error.
  element.removeAttribute('aria-label');
  element.removeAttribute('aria-description');
}

function rounded(number: string): string {
  return String(Math.round(Number(number) * 100) / 100 + 0);
}
