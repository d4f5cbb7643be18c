import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { openDataset } from '../dist/dataset/dataset.js';
import { splitByPatient } from '../dist/dataset/split-by-patient.js';
import { readCheckpoint } from '../dist/training/checkpoint.js';
import { runTraining } from '../dist/training/train.js';
import { temporaryFolder } from './support/temporary.ts';
import { drawInto, sha256Of, smallRecipe } from './support/training.ts';

// Whole trainings, on machines that may be busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const folder = temporaryFolder();
const disk = join(folder, 'disk');
const without = mountSmallDisk();
afterAll(() => without || execFileSync('umount', [disk]));

test.skipIf(without)(
  `a full disk leaves the last good checkpoint and says so ${without ?? ''}`,
  async () => {
    const data = join(folder, 'cells');
    await drawInto(data, 100);
    const dataset = await openDataset(data);
    const split = splitByPatient(dataset.cells, { seed: 1, ratio: [60, 20, 20] });
    const training = {
      recipe: smallRecipe,
      dataset,
      data: { path: data, labelSet: 'published' as const },
      split,
      seed: 1,
      threads: 1,
      checkpointSeconds: 0,
    };
    const whole = join(folder, 'whole');
    await runTraining({ ...training, out: whole });

    const out = join(disk, 'run');
    const filler = join(disk, 'filler');
    const stop = new AbortController();
    const notes: string[] = [];
    const filling = runTraining({
      ...training,
      out,
      signal: stop.signal,
      onEvent(event) {
        if (event.type === 'step' && event.epoch === 2 && event.step === 2) fillUp(filler);
        if (event.type === 'note') {
          notes.push(event.message);
          stop.abort();
        }
      },
    });
    await expect(filling).rejects.toThrow(/cannot write .*run\.json: the disk is full/);
    expect(notes[0]).toMatch(
      /cannot write .*state\.bin: the disk is full\. .*the last good checkpoint \(epoch 2, step 1\) is kept/,
    );
    expect(await readCheckpoint(join(out, 'checkpoint/state.bin'))).toMatchObject({ epoch: 2, step: 1 });
    expect(readdirSync(join(out, 'checkpoint'))).toEqual(['state.bin']);

    rmSync(filler);
    await runTraining({ ...training, out, resume: true });
    expect(sha256Of(join(out, 'model.onnx'))).toBe(sha256Of(join(whole, 'model.onnx')));
    await dataset.close();
  },
  300_000,
);

/** Mounts 1 MB. @returns why it cannot be done here; with CI set that is a failure */
function mountSmallDisk(): string | undefined {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    if (process.env['CI']) throw error;
    return '(a small tmpfs cannot be mounted: that takes root on Linux)';
  }
}

function fillUp(path: string): void {
  for (const bytes of [4096, 64]) {
    try {
      for (;;) appendFileSync(path, new Uint8Array(bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
