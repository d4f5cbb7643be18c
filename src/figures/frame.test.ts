import { line } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { chart } from './chart.ts';
import { frame, wrap } from './frame.ts';

const options = {
  name: 'example',
  title: 'Cells & <patients>',
  text: 'AUC 0.9 "high"',
  height: 300,
};

function example() {
  const points = Array.from({ length: 5 }, (_, x) => [x, Math.sin(x)] as [number, number]);
  return frame({ ...options, content: chart({ height: 300, x: { label: 'a < b' }, marks: [line(points)] }) });
}

test('a figure is an image with a title and a description, whatever is in them', () => {
  const { document } = parseHTML(example().svg);
  const svg = document.querySelector('svg');
  expect(svg?.getAttribute('role')).toBe('img');
  const text = (attribute: string) =>
    document.getElementById(svg?.getAttribute(attribute) ?? '')?.textContent ?? '';
  expect(text('aria-labelledby')).toBe(options.title);
  expect(text('aria-describedby')).toBe(options.text);
  expect(example().svg).toContain('a &lt; b');
});

test('the same data give the same bytes, with two decimals at most', () => {
  expect(example().svg).toBe(example().svg);
  expect(example().svg).not.toMatch(/\d\.\d{3}/);
});

test('a long line is broken between words', () => {
  expect(wrap('one two three', 10, 40)).toEqual(['one two', 'three']);
  expect(wrap('incomprehensibilities', 10, 40)).toEqual(['incomprehensibilities']);
});

test('what XML cannot hold is shown as a replacement character', () => {
  const { svg } = frame({ ...options, title: 'P1\u0001\ud800 \u{1f52c}', content: '<text>\u0008</text>' });
  expect(svg).toContain('>P1\ufffd\ufffd \u{1f52c}<');
  expect(svg).toContain('<text>\ufffd</text>');
});
