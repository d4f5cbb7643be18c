import { describe, expect, test } from 'vitest';
import { random } from '../recipes/random.ts';
import { calledShareInterval } from './called-share.ts';

const patients = (calls: readonly (readonly [called: number, cells: number])[]) =>
  calls.map(([called, cells], i) => ({ patient: `P${i}`, called, cells }));

describe('the interval of the share called parasitized', () => {
  test('needs two patients', () => {
    expect(calledShareInterval(patients([[5, 100]]))).toBeUndefined();
  });

  test('is wide where patients differ, whatever the number of their cells', () => {
    const few = calledShareInterval(
      patients([
        [0, 100],
        [90, 100],
        [5, 100],
        [60, 100],
      ]),
    ) as [number, number];
    expect(few[0]).toBeLessThan(0.15);
    expect(few[1]).toBeGreaterThan(0.7);
  });

  test('is that of independent cells where no patient has a call (Clopper and Pearson)', () => {
    const none = calledShareInterval(
      patients([
        [0, 50],
        [0, 50],
      ]),
    ) as [number, number];
    expect(none[0]).toBe(0);
    // 1 - 0.025^(1/100)
    expect(none[1]).toBeCloseTo(0.036217, 5);
  });

  test('holds the true share of 40 patients in about 95 of 100 simulations', () => {
    const draw = random(9);
    let held = 0;
    for (let simulation = 0; simulation < 200; simulation++) {
      const calls = Array.from({ length: 40 }, () => {
        // Uniform from 0 to 0.4: the true share is 0.2.
        const share = 0.4 * draw();
        const called = Array.from({ length: 100 }, draw).filter((value) => value < share).length;
        return [called, 100] as const;
      });
      const [low, high] = calledShareInterval(patients(calls)) as [number, number];
      if (low <= 0.2 && 0.2 <= high) held++;
    }
    expect(held).toBeGreaterThan(180);
    expect(held).toBeLessThan(200);
  });
});
