import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { FIGURE_WIDTH, FONT_FAMILY, FONT_SIZE } from './theme.ts';

/** The font has no arrows; a label in the middle of its axis needs none. */
const AXIS = { labelAnchor: 'center', labelArrow: 'none', labelOffset: 44 } as const;

/**
 * Axes and marks as the content of a `frame`: Observable Plot, drawn without a browser. Numbers are rounded to hundredths
 * of a unit, so that the last bits of `Math` do not show. Marks must not clip (their ids would count up from call to
 * call).
 */
export function chart(options: PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const drawn = plot({
    document: document as unknown as Document,
    width: FIGURE_WIDTH,
    marginTop: 16,
    marginRight: 20,
    marginBottom: 52,
    marginLeft: 62,
    ...options,
    x: { ...AXIS, ...options.x },
    y: { ...AXIS, labelOffset: 48, grid: true, ...options.y },
    style: { fontSize: `${FONT_SIZE.text}px`, fontFamily: FONT_FAMILY },
  });
  for (const style of drawn.querySelectorAll('style')) style.remove();
  for (const element of drawn.querySelectorAll('*')) tidy(element);
  return `<g text-anchor="middle">${drawn.innerHTML}</g>`;
}

/** Attributes of lengths, places and paths; not those of text, such as a label. */
const NUMERIC = [
  'x',
  'y',
  'x1',
  'x2',
  'y1',
  'y2',
  'cx',
  'cy',
  'r',
  'dx',
  'dy',
  'width',
  'height',
  'd',
  'transform',
  'points',
];

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
