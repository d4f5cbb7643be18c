import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const page = readFileSync(new URL('docs/architecture.md', root), 'utf8');

interface Rule {
  readonly name: string;
  readonly to: { readonly path?: string };
}
const { forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as { forbidden: Rule[] };

/** Rows of the table: folder and what it may import. */
const table = new Map(
  [...page.matchAll(/^\| `(\w+)` +\|[^|]+\|([^|]*)\|/gm)].map(([, folder, imports]) => [
    folder,
    imports.trim() === '' ? [] : imports.trim().split(', '),
  ]),
);

test('the page names every folder of src, in order, and no other', () => {
  const folders = readdirSync(new URL('src', root), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect([...table.keys()].sort()).toEqual(folders.map(({ name }) => name).sort());
});

test('the page says of each folder what the import rule allows', () => {
  for (const [folder, imports] of table) {
    if (folder === 'cli') continue;
    const rule = forbidden.find(({ name }) => name === `${folder}-imports-only-what-comes-before`);
    const banned = /\((.+)\)/.exec(rule?.to.path ?? '')?.[1].split('|') ?? [];
    const allowed = [...table.keys()].filter((other) => other !== folder && !banned.includes(other));
    expect([folder, imports.toSorted()]).toEqual([folder, allowed.toSorted()]);
  }
});

test('every arrow of the drawing is an import of the table, and every import lies on a path of arrows', () => {
  const arrows = [...page.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from, to]) => ({ from, to }));
  expect(arrows.length).toBeGreaterThan(0);
  for (const { from, to } of arrows) {
    const imports = table.get(to) ?? [];
    expect(imports[0] === 'all' || imports.includes(from), `${from} --> ${to}`).toBe(true);
  }
  const reached = (folder: string): string[] =>
    arrows.filter(({ to }) => to === folder).flatMap(({ from }) => [from, ...reached(from)]);
  for (const [folder, imports] of table) {
    if (imports[0] !== 'all') expect(reached(folder)).toEqual(expect.arrayContaining(imports));
  }
});
