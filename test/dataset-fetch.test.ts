import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { drawCells } from '../src/cells/draw.ts';
import { encodePng } from '../src/cells/encode.ts';
import { type DatasetSource, type FetchOptions, fetchDataset } from '../src/dataset/fetch/fetch-dataset.ts';
import { NIH } from '../src/dataset/fetch/nih.ts';
import { random, randomInteger } from '../src/recipes/random.ts';
import {
  type Answer,
  type ArchiveServer,
  file,
  redirect,
  serveAnswers,
  status,
} from './support/archive-server.ts';
import { describeReal, realData } from './support/real-data.ts';
import { temporaryFolder, writeFiles } from './support/temporary.ts';
import { type ZipEntry, zip } from './support/zip.ts';

// Machines may be busy.
vi.setConfig({ testTimeout: 300_000 });

const root = temporaryFolder();
let server: ArchiveServer;
afterEach(() => server?.close());

const cells = drawCells({ count: 60, seed: 5 }).map(({ name, label, image }) => ({
  path: `${label === 'parasitized' ? 'Parasitized' : 'Uninfected'}/${name}`,
  png: encodePng(image),
}));
const entries: ZipEntry[] = [
  { name: 'cell_images/', data: '' },
  ...cells.map(({ path, png }) => ({ name: `cell_images/${path}`, data: png })),
  { name: 'cell_images/Parasitized/Thumbs.db', data: 'thumbs' },
];
const archive = zip(entries);
const lines = cells.map(({ path, png }) => `${path} ${createHash('sha256').update(png).digest('hex')}`);
const fingerprint = createHash('sha256').update(lines.sort().join('\n')).digest('hex');

let outs = 0;
const newOut = () => join(root, `out-${++outs}`);
const at = (...paths: string[]): DatasetSource => ({
  ...NIH,
  addresses: paths.map((path) => server.url(path)),
  fingerprint,
  mostBytes: 64 * 1024 * 1024,
});
const timing = { silence: 60_000, pauses: [] as number[] };
const fetchInto = (out: string, source: DatasetSource, options: FetchOptions = {}) =>
  fetchDataset(source, out, { timing, ...options });

/** Every file of a folder with its bytes is that of the data set, and there is nothing else. */
function expectWhole(out: string): void {
  expect(readdirSync(out)).toEqual(['cell_images']);
  const found = readdirSync(join(out, 'cell_images'), { recursive: true, encoding: 'utf8' });
  const files = found.filter((path) => statSync(join(out, 'cell_images', path)).isFile());
  expect(files.sort()).toEqual(cells.map(({ path }) => path).sort());
  for (const { path, png } of cells) {
    expect(readFileSync(join(out, 'cell_images', path)).equals(png)).toBe(true);
  }
}

/** Ten different places in the archive, in order. */
function randomPoints(draw: () => number): number[] {
  const points = new Set<number>();
  while (points.size < 10) points.add(1 + randomInteger(draw, archive.length - 1));
  return [...points].sort((a, b) => a - b);
}

const partSize = (out: string) => statSync(join(out, 'cell_images.zip.part')).size;

describe('dataset fetch', () => {
  test('makes the folder, and says so when it is there already', async () => {
    server = await serveAnswers({ '/a.zip': file(archive) });
    const out = newOut();
    const steps = new Set<string>();
    const fetched = await fetchInto(out, at('/a.zip'), { onProgress: (step) => void steps.add(step) });
    expect(fetched).toEqual({ folder: join(out, 'cell_images'), cells: 60, already: false });
    expect([...steps]).toEqual(['downloading', 'unpacking']);
    expectWhole(out);
    expect(await fetchInto(out, at('/a.zip'))).toMatchObject({ cells: 60, already: true });
    expect(server.requests).toEqual(['/a.zip whole']);
  });

  test('a connection cut at ten random points is gone on with each time', async () => {
    const draw = random(11);
    const points = randomPoints(draw);
    const holds = [...points];
    server = await serveAnswers({ '/a.zip': file(archive, { cutAt: () => holds.shift(), hold: true }) });
    const out = newOut();
    for (const point of points) {
      const onProgress = (_: string, received: number) => received >= point && server.cut();
      await expect(fetchInto(out, at('/a.zip'), { onProgress })).rejects.toMatchObject({
        code: 'download-failed',
      });
      expect(partSize(out)).toBe(point);
    }
    await fetchInto(out, at('/a.zip'));
    expectWhole(out);
    expect(server.requests.filter((request) => request.includes('bytes=')).length).toBe(10);
  });

  test('by itself it goes on after a failure that may pass', async () => {
    const cuts = [5000, 5100, 70_000];
    let failures = 2;
    const whole = file(archive, { cutAt: () => cuts.shift() });
    server = await serveAnswers({
      '/a.zip': (request, response) => (failures-- > 0 ? status(503) : whole)(request, response),
    });
    const out = newOut();
    await fetchInto(out, at('/a.zip'), { timing: { silence: 60_000, pauses: [1, 1, 1, 1, 1] } });
    expectWhole(out);
    expect(server.requests).toHaveLength(6);
  });

  test('a process killed at ten random points leaves what the next one goes on with', async () => {
    const draw = random(12);
    const points = randomPoints(draw);
    const holds = [...points];
    const child = fileURLToPath(new URL('support/fetch-child.js', import.meta.url));
    server = await serveAnswers({ '/a.zip': file(archive, { cutAt: () => holds.shift(), hold: true }) });
    const out = newOut();
    const run = (killAt: number) =>
      new Promise<string>((resolve) => {
        const fetching = spawn(process.execPath, [child, out]);
        fetching.stdin.end(JSON.stringify(at('/a.zip')));
        fetching.stdout.on('data', (text: Buffer) => {
          const [come] = text.toString().trim().split('\n').slice(-1);
          if (Number(come) >= killAt) fetching.kill('SIGKILL');
        });
        fetching.on('close', (code, signal) => resolve(signal ?? String(code)));
      });
    for (const point of points) {
      expect(await run(point)).toBe('SIGKILL');
      expect(partSize(out)).toBe(point);
      expect(existsSync(join(out, 'cell_images'))).toBe(false);
    }
    expect(await run(Number.POSITIVE_INFINITY)).toBe('0');
    expectWhole(out);
    expect(server.requests.slice(1)).toEqual(points.map((point) => `/a.zip bytes=${point}-`));
  });

  test('a file that has changed on the server meanwhile is begun anew', async () => {
    const old = zip([{ name: 'cell_images/Parasitized/old.png', data: new Uint8Array(50_000) }]);
    let current = file(old, { cutAt: () => 20_000 });
    server = await serveAnswers({ '/a.zip': (request, response) => current(request, response) });
    const out = newOut();
    await expect(fetchInto(out, at('/a.zip'))).rejects.toMatchObject({ code: 'download-failed' });
    current = file(archive);
    await fetchInto(out, at('/a.zip'));
    expectWhole(out);
  });

  test.each<[string, Parameters<typeof file>[1]]>([
    ['knows no ranges', { noRanges: true }],
    ['has only a weak ETag', { etag: 'W/"weak"' }],
  ])('with a server that %s it begins anew', async (_, options) => {
    const cuts: (number | undefined)[] = [30_000, undefined];
    server = await serveAnswers({ '/a.zip': file(archive, { ...options, cutAt: () => cuts.shift() }) });
    const out = newOut();
    await expect(fetchInto(out, at('/a.zip'))).rejects.toMatchObject({ code: 'download-failed' });
    await fetchInto(out, at('/a.zip'));
    expectWhole(out);
  });

  test('an archive that was whole when the process died is not downloaded again', async () => {
    server = await serveAnswers({ '/a.zip': file(archive) });
    const out = newOut();
    writeFiles(out, {
      'cell_images.zip.part': archive,
      'cell_images.zip.part.json': JSON.stringify({
        address: server.url('/a.zip'),
        validator: '"x"',
        total: archive.length,
      }),
      '.cell_images.unpacking/Parasitized/left.png': 'left by a kill',
    });
    await fetchInto(out, at('/a.zip'));
    expectWhole(out);
    expect(server.requests).toEqual([]);
  });

  test('the second address is tried when the first fails, in whatever way', async () => {
    const bad: Record<string, Answer> = {
      '/missing': status(404),
      '/down': status(500),
      '/other': file(
        zip([
          { name: 'Parasitized/a.png', data: 'a' },
          { name: 'Uninfected/b.png', data: 'b' },
        ]),
      ),
      '/page': (_, response) =>
        void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>log in'),
      '/cut': file(archive, { cutAt: () => 10_000 }),
    };
    server = await serveAnswers({ ...bad, '/good.zip': file(archive) });
    for (const path of Object.keys(bad)) {
      const out = newOut();
      const notes: string[] = [];
      await fetchInto(out, at(path, '/good.zip'), { onNote: (text) => void notes.push(text) });
      expectWhole(out);
      expect(notes.join()).toContain(`${server.url(path)}: `);
    }
  });

  test('redirects are followed', async () => {
    server = await serveAnswers({ '/old.zip': redirect('/new.zip'), '/new.zip': file(archive) });
    const out = newOut();
    await fetchInto(out, at('/old.zip'));
    expectWhole(out);
  });

  test('Ctrl-C keeps what has come, and nothing else', async () => {
    server = await serveAnswers({ '/a.zip': file(archive) });
    const out = newOut();
    const stopping = new AbortController();
    const fetching = fetchInto(out, at('/a.zip'), {
      signal: stopping.signal,
      onProgress: (_, done) => done > 40_000 && stopping.abort(),
    });
    await expect(fetching).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(out).sort()).toEqual(['cell_images.zip.part', 'cell_images.zip.part.json']);
    await fetchInto(out, at('/a.zip'));
    expectWhole(out);
  });

  test('Ctrl-C while unpacking leaves no half of the set', async () => {
    server = await serveAnswers({ '/a.zip': file(archive) });
    const out = newOut();
    const stopping = new AbortController();
    const fetching = fetchInto(out, at('/a.zip'), {
      signal: stopping.signal,
      onProgress: (step) => step === 'unpacking' && stopping.abort(),
    });
    await expect(fetching).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(out).sort()).toEqual(['cell_images.zip.part', 'cell_images.zip.part.json']);
  });
});

describe('dataset fetch says what is wrong, and leaves nothing', () => {
  const evil = (entry: ZipEntry) => file(zip([...entries, entry]));
  const cases: [string, Answer, string, RegExp][] = [
    [
      'a wrong checksum',
      file(zip(entries.slice(0, -2))),
      'wrong-checksum',
      /not the NIH set as published \(fingerprint/,
    ],
    ['a redirect loop', redirect('/a.zip'), 'download-failed', /more than 5 redirects/],
    ['a redirect to a file', redirect('file:///etc/passwd'), 'download-failed', /redirects to file:/],
    ['status 500', status(500), 'download-failed', /status 500/],
    ['status 404', status(404), 'download-failed', /status 404/],
    [
      '../ in the archive',
      evil({ name: 'cell_images/../../evil.png', data: 'evil' }),
      'unsafe-archive',
      /leads out/,
    ],
    ['an absolute path', evil({ name: '/tmp/evil.png', data: 'evil' }), 'unsafe-archive', /leads out/],
    [
      'a link',
      evil({ name: 'cell_images/Parasitized/l.png', data: '/etc/passwd', mode: 0o120777 }),
      'unsafe-archive',
      /link/,
    ],
    [
      'a bomb',
      evil({ name: 'cell_images/Parasitized/b.png', data: new Uint8Array(4 * 1024 * 1024), deflate: true }),
      'unsafe-archive',
      /bomb/,
    ],
    [
      'a damaged entry',
      evil({ name: 'cell_images/Parasitized/d.png', data: 'd', crc: 1 }),
      'damaged-archive',
      /d\.png.*checksum/,
    ],
    [
      'a web page',
      file(new TextEncoder().encode('<html>'.repeat(99))),
      'damaged-archive',
      /not|end of central/i,
    ],
    [
      'another archive',
      file(zip([{ name: 'readme.txt', data: 'x' }])),
      'no-label-folders',
      /no folder Parasitized/,
    ],
    ['a file too large', file(archive, { length: 10 ** 12 }), 'download-too-large', /limit of/],
    [
      'a file too large that does not say so',
      (_, response) => void response.writeHead(200).end(new Uint8Array(65 * 1024 * 1024)),
      'download-too-large',
      /limit of/,
    ],
    [
      'an answer packed again',
      (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('x'),
      'download-failed',
      /not asked for/,
    ],
  ];
  test.each(cases)('%s', async (_, answer, code, message) => {
    server = await serveAnswers({ '/a.zip': answer });
    const out = newOut();
    const failing = fetchInto(out, at('/a.zip'));
    await expect(failing).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    await expect(failing).rejects.toThrow(`cannot fetch the NIH set: ${server.url('/a.zip')}: `);
    expect(existsSync(out)).toBe(false);
    expect(existsSync(join(root, 'evil.png'))).toBe(false);
  });

  test('a body cut short: what has come is kept to go on with', async () => {
    server = await serveAnswers({ '/a.zip': file(archive, { cutAt: () => 20_000, hold: true }) });
    const out = newOut();
    const onProgress = (_: string, received: number) => received >= 20_000 && server.cut();
    await expect(fetchInto(out, at('/a.zip'), { onProgress })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(/cut.*kept: run it again/),
    });
    expect(readdirSync(out).sort()).toEqual(['cell_images.zip.part', 'cell_images.zip.part.json']);
  });

  test('a server that says nothing more', async () => {
    server = await serveAnswers({ '/a.zip': () => {} });
    const out = newOut();
    const quick = { timing: { silence: 1000, pauses: [1] } };
    await expect(fetchInto(out, at('/a.zip'), quick)).rejects.toThrow(/nothing came for 1 s/);
    expect(server.requests).toHaveLength(2);
    expect(existsSync(out)).toBe(false);
  });

  test('no server at all', async () => {
    server = await serveAnswers({});
    const source = at('/a.zip');
    await server.close();
    const out = newOut();
    await expect(fetchInto(out, source)).rejects.toThrow(/refuses the connection/);
    expect(existsSync(out)).toBe(false);
  });

  test('something else in the way is left alone', async () => {
    server = await serveAnswers({ '/a.zip': file(archive) });
    const out = newOut();
    writeFiles(out, {
      'cell_images/Parasitized/mine.png': 'mine',
      'cell_images/Uninfected/mine.png': 'mine',
    });
    await expect(fetchInto(out, at('/a.zip'))).rejects.toMatchObject({ code: 'folder-in-the-way' });
    expect(readFileSync(join(out, 'cell_images/Parasitized/mine.png'), 'utf8')).toBe('mine');
    expect(readdirSync(out)).toEqual(['cell_images']);
    const file_ = newOut();
    writeFileSync(file_, 'a file');
    await expect(fetchInto(file_, at('/a.zip'))).rejects.toMatchObject({ code: 'cannot-write' });
  });
});

describeReal('dataset fetch of the sample', () => {
  test('2,000 cells, cut three times, are byte for byte those of the archive', async () => {
    const sample = readFileSync(realData('nih-sample-2000.zip'));
    const cuts = [1_000_000, 9_000_000, 12_000_000];
    server = await serveAnswers({ '/s.zip': file(sample, { cutAt: () => cuts.shift(), chunk: 65_536 }) });
    const out = newOut();
    const source = { ...at('/s.zip'), fingerprint: 'to be found' };
    const options = { timing: { silence: 60_000, pauses: [1, 1, 1] } };
    const refused = await fetchInto(out, source, options).catch((error: Error) => error.message);
    const found = /fingerprint ([0-9a-f]{64})/.exec(String(refused))?.[1] ?? '';
    expect(existsSync(out)).toBe(false);
    expect(await fetchInto(out, { ...source, fingerprint: found }, options)).toMatchObject({ cells: 2000 });
  });
});
