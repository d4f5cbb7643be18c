import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeBadInputs, makeUnreadable } from '../../test/bad-inputs.ts';
import { goodPng } from '../../test/support/bad-images.ts';
import { temporaryFolder, writeFiles } from '../../test/support/temporary.ts';
import { zip } from '../../test/support/zip.ts';
import { decodeImage } from '../cells/decode.ts';
import { GiemsaError } from '../cells/errors.ts';
import { readInputs } from './inputs.ts';

const root = temporaryFolder();
const newFolder = () => mkdtempSync(join(root, 'test-'));

/** What became of each input, by its name; reading it as `classify` does. */
async function outcomes(paths: string | readonly string[]) {
  const found: [string, string, string][] = [];
  for await (const input of readInputs(paths)) {
    if ('ignored' in input) found.push([input.file, 'ignored', input.ignored]);
    else if ('error' in input) found.push([input.file, 'error', input.error.message]);
    else {
      const outcome = await input
        .read()
        .then(decodeImage)
        .catch((error: unknown) => error);
      if (outcome instanceof GiemsaError) found.push([input.file, 'error', outcome.message]);
      else if (outcome instanceof Error) throw outcome;
      else found.push([input.file, 'read', '']);
    }
  }
  return found;
}

describe('readInputs', () => {
  it('takes one path as it takes a list of one', async () => {
    const path = join(newFolder(), 'cell.png');
    writeFileSync(path, goodPng);
    expect(await outcomes(path)).toEqual([[path, 'read', '']]);
  });

  it('names each of a hundred bad inputs, reads the rest, in bounded time and memory', async () => {
    const { paths, inputs } = makeBadInputs(newFolder());
    expect(inputs.length).toBeGreaterThan(100);
    const found = await outcomes(paths);
    const sorted = (list: string[]) => [...list].sort();
    expect(sorted(found.map(([file, outcome]) => `${outcome} ${file}`))).toEqual(
      sorted(inputs.map(({ file, outcome }) => `${outcome} ${file}`)),
    );
    for (const [file, outcome, message] of found) {
      if (outcome === 'error' && !/^[^\n]{10,300}$/.test(message)) expect.fail(`${file}: ${message}`);
    }
    expect(process.resourceUsage().maxRSS / 1024).toBeLessThan(1024);
  });

  it('says why a pipe, a socket and a forbidden file cannot be read', async () => {
    const { pipe, socket, forbidden } = makeUnreadable(newFolder());
    const messages = (await outcomes([pipe, socket, forbidden])).map(([, , message]) => message);
    expect(messages).toEqual([
      'cannot read it: not a regular file',
      'cannot read it: not a regular file',
      // There only on Linux, where root is forbidden something.
      `cannot read it: ${existsSync(forbidden) ? 'permission denied' : 'it does not exist'}`,
    ]);
  });

  it('goes through folders in code point order, giving the path as given and the path within', async () => {
    const folder = newFolder();
    writeFiles(folder, { 'b/2.png': goodPng, 'a.png': goodPng, 'b/10.png': goodPng, 'b/x.md': '' });
    const names = (await outcomes([`${folder}/`])).map(
      ([file, outcome]) => `${file.slice(folder.length)} ${outcome}`,
    );
    expect(names).toEqual(['/a.png read', '/b/10.png read', '/b/2.png read', '/b/x.md ignored']);
  });

  it('reads an archive even when its images are asked for after its end', async () => {
    const archive = join(newFolder(), 'x.zip');
    writeFileSync(archive, zip([{ name: 'good.png', data: goodPng, deflate: true }]));
    const inputs = [];
    for await (const input of readInputs([archive])) inputs.push(input);
    const [good] = inputs;
    if (!('read' in good)) return expect.fail(good.file);
    expect(good.file).toBe(`${archive}/good.png`);
    expect(Buffer.from(await good.read())).toEqual(Buffer.from(goodPng));
  });
});
