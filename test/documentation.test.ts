import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { drawCells } from '../dist/cells/draw.js';
import { encodePng } from '../dist/cells/encode.js';
import { allCommands, commandsPage, commandsText, readHelp } from '../scripts/write-commands.mjs';
import { libraryPage, libraryText, unnamedTypes } from '../scripts/write-library.mjs';
import {
  type Block,
  blocksOf,
  giemsaCalls,
  NOT_RUN,
  pages,
  readPage,
  root,
} from './support/documentation.ts';
import { CHILD_LIMITS } from './support/limits.ts';
import { temporaryFolder, writeFiles } from './support/temporary.ts';

const folder = temporaryFolder();
const commands = allCommands();

/** Options of every command. */
const optionsOf = new Map(
  commands.map((words) => [
    words.join(' '),
    readHelp(words).options.flatMap(({ term }) => term.match(/-{1,2}[\w-]+/g) ?? []),
  ]),
);

/** The command of a call: its first words. */
function commandOf(call: readonly string[]): string | undefined {
  return [...optionsOf.keys()].find((name) => call.slice(0, name.split(' ').length).join(' ') === name);
}

describe('the reference', () => {
  test('of commands is what their --help says (node scripts/write-commands.mjs writes it)', () => {
    expect(readFileSync(commandsPage, 'utf8')).toBe(commandsText());
  });

  test('of the library is what its docstrings say (node scripts/write-library.mjs writes it)', () => {
    expect(readFileSync(libraryPage, 'utf8')).toBe(libraryText());
  });

  test.each(['index', 'browser'] as const)('of the library can name all its types: %s', (entry) => {
    expect(unnamedTypes(entry)).toEqual([]);
  });

  test('of errors has every code of the code, and no other', () => {
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
    );
    const codes = new Set(
      sources.flatMap((path) =>
        // The first argument of our own errors; those of the language and of commander have no code.
        [...readFileSync(join(root, 'src', path), 'utf8').matchAll(/new (\w+)Error\(([^,]+),/g)]
          .filter(([, kind]) => !['', 'Range', 'Type', 'Commander', 'InvalidArgument'].includes(kind))
          .flatMap(([, , code]) => [...code.matchAll(/'([a-z]+(?:-[a-z0-9]+)*)'/g)].map((match) => match[1])),
      ),
    );
    const listed = [...readPage('docs/reference/errors.md').matchAll(/^\| `([a-z-]+)`/gm)].map(
      ([, code]) => code,
    );
    expect([...listed].sort()).toEqual([...codes].sort());
  });

  test('links lead to files that exist, but for results, which are added as they are made', () => {
    for (const page of pages()) {
      for (const [, target] of readPage(page).matchAll(/\]\((?!https?:|results\/)([^)#\s]+)/g)) {
        expect(existsSync(join(root, dirname(page), target)), `${page}: ${target}`).toBe(true);
      }
    }
  });
});

describe('every command of the documentation', () => {
  const calls = pages().flatMap((page) =>
    blocksOf(page).flatMap(({ line, text }) => giemsaCalls(text).map((call) => ({ page, line, call }))),
  );

  test.each(calls.map(({ page, line, call }) => [`${page}:${line}`, call.join(' '), call] as const))(
    '%s has options that exist: %s',
    (_where, _text, call) => {
      const command = commandOf(call);
      if (command === undefined) expect(['--help', '--version']).toContain(call[0]);
      else {
        const options = call.filter((word) => /^--?[a-z0]/.test(word));
        expect([...(optionsOf.get(command) ?? []), '--help']).toEqual(expect.arrayContaining(options));
      }
    },
  );
});

const blocks = pages().flatMap((page) =>
  blocksOf(page).filter(({ language }) => /^(sh|js|python)$/.test(language)),
);

/** The interpreter that PYTHON names, or the checkout's own, where it has what the pages ask for. */
const python = [process.env['PYTHON'], join(root, '.venv', 'bin', 'python')].find((path) => {
  if (!path) return false;
  return spawnSync(path, ['-c', 'import numpy, onnxruntime, PIL']).status === 0;
});
const withoutPython =
  python === undefined ? ' (skipped: PYTHON names none with numpy, onnxruntime and pillow)' : '';

describe.each([...new Set(blocks.map(({ page }) => page))])('%s', (page) => {
  const place = join(folder, page.replaceAll('/', '-'));
  beforeAll(() => prepare(place), 120_000);

  for (const block of blocks.filter((other) => other.page === page)) {
    const cannotRun = block.language === 'python' && python === undefined;
    test.skipIf(cannotRun)(
      `line ${block.line}: ${block.text.split('\n')[0]}${cannotRun ? withoutPython : ''}`,
      () => run(block, place),
      600_000,
    );
  }
});

/** Runs a block as a reader would, in a folder that has what the pages speak of. */
function run({ language, text }: Block, place: string): void {
  const environment = { ...process.env, PATH: `${join(place, 'bin')}:${process.env['PATH']}` };
  const options = {
    cwd: place,
    env: environment,
    encoding: 'utf8',
    stdio: 'pipe',
    ...CHILD_LIMITS,
  } as const;
  if (language === 'js') {
    writeFileSync(join(place, 'example.mjs'), text);
    execFileSync(process.execPath, ['example.mjs'], options);
  } else if (language === 'python') execFileSync(python as string, ['-c', text], options);
  else {
    const script = text
      .split('\n')
      .filter((line) => !NOT_RUN.test(line))
      .join('\n');
    execFileSync('bash', ['-euo', 'pipefail', '-c', script], options);
  }
}

/**
 * What the pages speak of, drawn: `cell_images`, `my-cells` with `patients.csv`, `some-cells`, `cell.png`, `ours.csv` and `theirs.csv`; a `model.onnx`; and, in place of
 * npm and npx, commands that take this checkout as it is built, and trainings of one epoch.
 */
function prepare(place: string): void {
  const cells = drawCells({ count: 60, seed: 3 });
  const png = new Map(cells.map(({ name, image }) => [name, encodePng(image)]));
  const into = (parasitized: string, uninfected: string, some = cells) =>
    Object.fromEntries(
      some.map(({ name, label }) => [
        `${label === 'parasitized' ? parasitized : uninfected}/${name}`,
        png.get(name) as Uint8Array,
      ]),
    );
  const patients = cells.map(({ name, patient }) => `${name},${patient}\n`);
  const predictions = (factor: number) => {
    const lines = cells.map(
      ({ name, patient, label }, i) =>
        `${name},${label === 'parasitized' ? 'infected' : 'healthy'},${patient},test,${((i * factor) % 100) / 100}\n`,
    );
    return `name,label,patient,part,probability\n${lines.join('')}`;
  };
  writeFiles(place, {
    ...into('cell_images/Parasitized', 'cell_images/Uninfected'),
    ...into('my-cells/infected', 'my-cells/healthy'),
    ...into('some-cells', 'some-cells', cells.slice(0, 6)),
    'model.onnx': readFileSync(join(root, 'models', 'default.onnx')),
    'cell.png': png.get(cells[0].name) as Uint8Array,
    'patients.csv': `image,patient\n${patients.join('')}`,
    'ours.csv': predictions(41),
    'theirs.csv': predictions(37),
    'bin/giemsa': shim(),
    'bin/npx': '#!/bin/sh\n[ "$1" = giemsa ] || exit 2\nshift\nexec giemsa "$@"\n',
    'bin/npm': `#!/bin/sh\ncase "$1" in ci|test|install) exit 0;; esac\ngrep -q "\\"$2\\":" '${join(root, 'package.json')}'\n`,
  });
  for (const name of ['giemsa', 'npx', 'npm']) execFileSync('chmod', ['+x', join(place, 'bin', name)]);
  mkdirSync(join(place, 'node_modules'));
  symlinkSync(root, join(place, 'node_modules', 'giemsa'));
  for (const name of ['docs', 'models', 'test']) symlinkSync(join(root, name), join(place, name));
  writeFileSync(join(place, 'package.json'), '{"type":"module"}');
}

/** Training for one epoch shows that the command works; the demo is made once, whole, for all pages. */
function shim(): string {
  const main = join(root, 'dist', 'cli', 'main.js');
  const kept = join(folder, 'demo');
  return `#!/bin/sh
if [ "$*" = demo ]; then
  [ -d '${kept}' ] || '${process.execPath}' '${main}' demo --out '${kept}' || exit
  exec cp -r '${kept}' giemsa-demo
fi
case "$* " in
  "train --resume"*) ;;
  "train "* | "cross-validate "*) case "$*" in *--epochs*) ;; *) set -- "$@" --epochs 1;; esac;;
esac
exec '${process.execPath}' '${main}' "$@"
`;
}
