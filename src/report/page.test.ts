import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { html } from './html.ts';
import { page } from './page.ts';
import { facts, table } from './parts.ts';
import { svgToPng } from './png.ts';

const HOSTILE = `<img src=x onerror="alert('1')">&amp;`;

test('whatever is put into a template comes out as text', () => {
  const { document } = parseHTML(`<body>${html`<p title="${HOSTILE}">${HOSTILE}</p>`.html}</body>`);
  const paragraph = document.querySelector('p');
  expect(paragraph?.textContent).toBe(HOSTILE);
  expect(paragraph?.getAttribute('title')).toBe(HOSTILE);
  expect(document.querySelector('img')).toBeNull();
});

test('lists are put in one after another; null, undefined and false leave nothing', () => {
  expect(html`${['a', html`<b>b</b>`, 1, null, undefined, false]}`.html).toBe('a<b>b</b>1');
});

test('a page needs no other file, says what it is for, and shows hostile names as text', () => {
  const body = html`${table(HOSTILE, [{ title: HOSTILE }], [[HOSTILE]])}${facts([[HOSTILE, HOSTILE]])}`;
  const text = page({ title: HOSTILE, protocol: HOSTILE, body, madeBy: HOSTILE });
  const { document } = parseHTML(text);
  expect(document.querySelectorAll('img, script, link, [src], [href]').length).toBe(0);
  expect(document.querySelector('h1')?.textContent).toBe(HOSTILE);
  expect(document.querySelector('header')?.textContent).toContain('not a medical device');
  expect(text).not.toMatch(/url\((?!data:)/);
});

test('a PNG has twice the pixels of the drawing, and shows text in the shipped font', async () => {
  const svg = (text: string, weight: number) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><text y="15" font-family="Arimo" font-weight="${weight}">${text}</text></svg>`;
  const png = await svgToPng(svg('text', 400));
  const view = new DataView(png.buffer, png.byteOffset);
  expect([view.getUint32(16), view.getUint32(20)]).toEqual([120, 40]);
  expect(await svgToPng(svg('text', 400))).toEqual(png);
  expect(await svgToPng(svg('', 400))).not.toEqual(png);
  expect(await svgToPng(svg('text', 700))).not.toEqual(png);
});
