import { expect, test } from 'vitest';
import { versionsOfRun, versionWarning } from './version.ts';

const first = { version: '0.1.0', commit: 'a'.repeat(40) };
const second = { version: '0.1.0', commit: 'b'.repeat(40) };
const released = { version: '0.2.0', commit: null };

test('a new run, and one resumed with the same version, has that version and no warning', () => {
  const started = versionsOfRun(undefined, first);
  expect(started).toEqual({ giemsa: first, resumedWith: [] });
  expect(versionsOfRun(started, first)).toEqual(started);
  expect(versionWarning(started)).toBeUndefined();
});

test('a run keeps the version it was started with, and has each other one once', () => {
  const once = versionsOfRun({ giemsa: first }, second);
  expect(once).toEqual({ giemsa: first, resumedWith: [second] });
  const twice = versionsOfRun(versionsOfRun(once, released), second);
  expect(twice).toEqual({ giemsa: first, resumedWith: [second, released] });
  expect(versionsOfRun(twice, first)).toEqual(twice);
});

test('the warning names the versions, and commits where they are known', () => {
  const warning = versionWarning({ giemsa: first, resumedWith: [second, released] });
  expect(warning).toContain(
    'started with giemsa 0.1.0 (commit aaaaaaaaaaaa) and resumed with 0.1.0 (commit bbbbbbbbbbbb), 0.2.0: its model may differ',
  );
});
