import { readFile } from 'node:fs/promises';
import { CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { GiemsaError } from '../cells/errors.ts';
import { EvaluationError } from '../evaluation/errors.ts';
import { NetworkError } from '../network/errors.ts';
import { EXIT, explain } from './exit.ts';

test.each([
  [new GiemsaError('damaged-image', 'a.png is cut off')],
  [new EvaluationError('wrong-scores', 'score 1 is 7')],
  [new NetworkError('unknown-layer', 'there is no such layer')],
])('%s is one of ours: its message, status 1', (error) => {
  expect(explain(error)).toEqual({ status: EXIT.failed, text: error.message });
});

test('wrong usage is status 2, whoever finds it', () => {
  expect(explain(new GiemsaError('wrong-usage', 'give --data'))).toEqual({ status: 2, text: 'give --data' });
  expect(explain(new GiemsaError('unknown-recipe', 'no recipe x'))).toEqual({
    status: 2,
    text: 'no recipe x',
  });
  expect(explain(new CommanderError(1, 'commander.unknownOption', 'x'))).toEqual({ status: 2 });
});

test('help and version end well', () => {
  expect(explain(new CommanderError(0, 'commander.helpDisplayed', '(help)'))).toEqual({ status: 0 });
});

test('a missing file is named in words', async () => {
  const error = await readFile('/no/such/file').catch((thrown) => thrown);
  expect(explain(error)).toEqual({ status: 1, text: '/no/such/file: no such file or folder' });
});

test('anything else says how to see more', () => {
  for (const error of [new TypeError('x is undefined'), 'thrown text']) {
    const { status, text } = explain(error);
    expect(status).toBe(1);
    expect(text).toMatch(/^(x is undefined|thrown text) \(this should not happen: .*GIEMSA_DEBUG=1/);
  }
});
