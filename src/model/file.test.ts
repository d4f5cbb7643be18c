import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { testModel } from '../../test/support/test-model.ts';
import { GiemsaError } from '../cells/errors.ts';
import { checksumLength, sha256 } from './checksum.ts';
import { type Model, readModel, writeModel } from './file.ts';
import { ModelProto } from './onnx/onnx_pb.ts';

let model: Model;
let bytes: Uint8Array;
beforeAll(async () => {
  model = testModel();
  bytes = await writeModel(model);
});

/** The file changed by somebody who also mends the checksum. */
async function forged(change: (file: ModelProto) => void): Promise<Uint8Array> {
  const file = ModelProto.decode(bytes.slice());
  change(file);
  const changed = ModelProto.encode(file).finish();
  const end = changed.length - checksumLength;
  changed.set(new TextEncoder().encode(await sha256(changed.subarray(0, end))), end);
  return changed;
}

function setEntry(key: string, change: (value: never) => unknown): (file: ModelProto) => void {
  return (file) => {
    const entry = file.metadataProps.find((entry) => entry.key === `giemsa.${key}`);
    if (entry) entry.value = JSON.stringify(change(JSON.parse(entry.value ?? '') as never));
  };
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const error = await readModel(bytes).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(GiemsaError);
  expect(error).toHaveProperty('code', 'bad-model');
  return (error as GiemsaError).message;
}

it('reads back what was written', async () => {
  expect(await readModel(bytes)).toEqual(model);
  expect(await readModel(Buffer.from(bytes))).toEqual(model);
});

it('writes the same bytes for the same model', async () => {
  expect(await writeModel(testModel())).toEqual(bytes);
});

it('refuses a file with one flipped bit anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (place, bit) => {
      const flipped = bytes.slice();
      flipped[place] ^= 1 << bit;
      await refusal(flipped);
    }),
    { numRuns: 300 },
  );
});

it('refuses a file cut off anywhere, or with more behind it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), async (length) => {
      await refusal(bytes.subarray(0, length));
    }),
  );
  await refusal(Uint8Array.of(...bytes, 0));
});

describe('says what is wrong', () => {
  it('with something that is no model', async () => {
    expect(await refusal(new Uint8Array(0))).toMatch('not written by giemsa');
    expect(await refusal(new TextEncoder().encode('hello'))).toMatch('not an ONNX file');
    const other = { irVersion: 8, producerName: 'pytorch', opsetImport: [], metadataProps: [] };
    expect(await refusal(ModelProto.encode(other).finish())).toMatch('not written by giemsa');
  });

  it('with a damaged file', async () => {
    const damaged = bytes.slice();
    damaged[bytes.length >> 1] ^= 1;
    expect(await refusal(damaged)).toMatch('damaged');
  });

  const cases: [string, (file: ModelProto) => void, string | RegExp][] = [
    ['a later format', setEntry('format', () => 2), 'format is 2'],
    ['a threshold out of range', setEntry('threshold', () => 2), 'threshold'],
    [
      'a network of a million layers',
      setEntry('network', (n: object) => ({ ...n, layers: Array(1e5).fill({ type: 'relu' }) })),
      /not weights|layers/,
    ],
    [
      'an unknown layer',
      setEntry('network', (n: object) => ({ ...n, layers: [{ type: 'x' }] })),
      'no type "x"',
    ],
    ['another size', setEntry('preprocessing', (p: object) => ({ ...p, height: 18 })), '18x20'],
    ['an unknown fit', setEntry('preprocessing', (p: object) => ({ ...p, fit: 'crop' })), 'preprocessing'],
    [
      'a huge layer',
      setEntry('network', (n: { layers: object[] }) => ({
        ...n,
        layers: [
          { type: 'convolution', filters: 32768 },
          { type: 'relu' },
          { type: 'global-max-pooling' },
          { type: 'dense', units: 1 },
        ],
      })),
      'too large',
    ],
    [
      'no logit',
      setEntry('network', (n: { layers: object[] }) => ({ ...n, layers: n.layers.slice(0, -1) })),
      'not one logit',
    ],
    ['an entry twice', (file) => file.metadataProps.unshift(file.metadataProps[0]), 'twice'],
    [
      'an entry that is no JSON',
      (file) => {
        file.metadataProps[3].value = '{';
      },
      'not JSON',
    ],
    [
      'a strange entry',
      (file) => {
        file.metadataProps[3].key = 'strange';
      },
      'its entry "strange" is not one of giemsa\'s',
    ],
    [
      'a second threshold, under a name of its own',
      (file) => {
        file.metadataProps.splice(-1, 0, { ...file.metadataProps[5], key: 'threshold', value: '1' });
      },
      'its entry "threshold" is not one of giemsa\'s',
    ],
    [
      'settings of three hundred thousand levels',
      (file) => {
        const recipe = file.metadataProps.find(({ key }) => key === 'giemsa.recipe');
        const deep = `${'['.repeat(300_000)}${']'.repeat(300_000)}`;
        if (recipe) recipe.value = `{"name":"x","settings":{"a":${deep}}}`;
      },
      'more than 32 levels',
    ],
    [
      'weights missing',
      (file) => {
        file.graph?.initializer.splice(0);
      },
      'lacks the weights first/kernel',
    ],
    [
      'weights too short',
      (file) => {
        for (const t of file.graph?.initializer ?? []) t.rawData = t.rawData?.subarray(4);
      },
      'bytes',
    ],
    [
      'weights of another shape',
      (file) => {
        for (const t of file.graph?.initializer ?? []) t.dims.reverse();
      },
      'should be float32',
    ],
    [
      'weights that are not finite',
      (file) => {
        for (const t of file.graph?.initializer ?? []) t.rawData?.fill(255);
      },
      'not finite',
    ],
    [
      'a negative variance',
      (file) => {
        const variance = file.graph?.initializer.find(
          ({ name }) => name === 'batch-normalization-1/variance',
        );
        variance?.rawData?.set(new Uint8Array(Float32Array.of(-1).buffer), 4);
      },
      'batch-normalization-1/variance holds a negative variance',
    ],
    [
      'a million nodes',
      (file) => {
        for (let i = 0; i < 1e6; i++) file.graph?.node.push({ input: [], output: [], attribute: [] });
      },
      'not weights',
    ],
  ];
  it.each(cases)('%s', async (_, change, message) => {
    expect(await refusal(await forged(change))).toMatch(message);
  });
});
