import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { decodeImage } from '../cells/decode.ts';
import { drawImage } from '../cells/draw-canvas.ts';
import { heatMapFigure } from './heat-map.ts';

/** Four pixels by two: black on the left, a cell of one colour on the right. */
const image = drawImage(4, 2, (x) => (x < 2 ? [0, 0, 0] : [200, 100, 150]));
const evidence = Float32Array.of(0, 0, 4, 0.2, 0, 0, 9, -3);
const data = {
  file: 'a <b>.png',
  image,
  label: 'parasitized',
  probability: 0.9,
  threshold: 0.25,
  evidence,
  peaks: [
    { x: 2.6, y: 0.6, evidence: 4 },
    { x: 3.5, y: 0.5, evidence: 0.2 },
  ],
} as const;

test('evidence is coloured on the cell in grey, from yellow to vermillion; none where there is little', async () => {
  const { svg } = heatMapFigure(data);
  const images = [...parseHTML(svg).document.querySelectorAll('image')].map((element) =>
    Buffer.from(element.getAttribute('href')?.split('base64,')[1] ?? '', 'base64'),
  );
  expect(images).toHaveLength(2);
  const [cell, overlay] = await Promise.all(images.map((bytes) => decodeImage(bytes)));
  expect(cell).toEqual(image);
  const pixel = (i: number) => [...overlay.data.subarray(3 * i, 3 * i + 3)];
  // 0.299 x 200 + 0.587 x 100 + 0.114 x 150 = 135.6.
  const grey = [136, 136, 136];
  expect(pixel(0)).toEqual([0, 0, 0]);
  expect(pixel(3)).toEqual(grey);
  expect(pixel(7)).toEqual(grey);
  // Four fifths of vermillion, 213 94 0, at 4 and above.
  expect(pixel(2)).toEqual([198, 102, 27]);
  expect(pixel(6)).toEqual(pixel(2));
});

test('it says what is called and where the most evidence is, and marks peaks that have a colour', () => {
  const figure = heatMapFigure(data);
  expect(figure.text).toBe(
    'a <b>.png: parasitized, probability of parasitized 0.900, threshold 0.250. The most evidence, 4.0, lies at x 3, y 1 of 4 by 2 pixels.',
  );
  const { document } = parseHTML(figure.svg);
  expect(document.querySelectorAll('b')).toHaveLength(0);
  const crosses = [...document.querySelectorAll('path')].map((path) => path.getAttribute('d'));
  // A light rim and a dark line for the one peak.
  expect(crosses).toHaveLength(2);
  expect(crosses[0]).toBe(crosses[1]);
  expect(heatMapFigure(data).svg).toBe(figure.svg);
  expect(heatMapFigure({ ...data, peaks: [] }).text).toContain('No place speaks for parasitized.');
});
