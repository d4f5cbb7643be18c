import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

// A script of this repository, not of the package.
const { parts } = await import(new URL('../scripts/readme-figures.mjs', import.meta.url).href);
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test.each(Object.keys(parts))('%s: what stands in README.md is what docs/results has', (name) => {
  expect(readme).toContain(`<!-- ${name}: begin -->\n\n${parts[name]()}\n\n<!-- ${name}: end -->`);
});

test('no figure is still to be filled in', () => {
  expect(readme).not.toContain('@@');
});
