import { cosPi } from './trigonometry.ts';

/** How the learning rate goes over the steps of a whole training. Rates are absolute, `warmUp` a share of the steps. */
export type Schedule = ConstantSchedule | WarmUpCosineSchedule | OneCycleSchedule;

export interface ConstantSchedule {
  readonly type: 'constant';
  readonly rate: number;
}

/** Linear from 0 to `peak`, then half a cosine down to `final` (default 0), reached with the last step. */
export interface WarmUpCosineSchedule {
  readonly type: 'warm-up-cosine';
  readonly peak: number;
  readonly warmUp: number;
  readonly final?: number;
}

/**
 * Half a cosine from `initial` (default peak / 25) up to `peak`, half a cosine down to `final` (default
 * initial / 10,000): PyTorch's `OneCycleLR` with `pct_start = warmUp` (Smith 2018, arXiv 1803.09820).
 */
export interface OneCycleSchedule {
  readonly type: 'one-cycle';
  readonly peak: number;
  readonly warmUp: number;
  readonly initial?: number;
  readonly final?: number;
}

/** Learning rate of one step: `step` counts from 1 to `steps`, the number of steps of the whole training. */
export function learningRate(schedule: Schedule, step: number, steps: number): number {
  switch (schedule.type) {
    case 'constant':
      return schedule.rate;
    case 'warm-up-cosine': {
      const { peak, final = 0 } = schedule;
      const warm = schedule.warmUp * steps;
      return step <= warm ? (peak * step) / warm : between(peak, final, (step - warm) / (steps - warm));
    }
    case 'one-cycle': {
      const { peak, initial = peak / 25, final = initial / 10_000 } = schedule;
      const top = schedule.warmUp * steps - 1;
      const last = steps - 1;
      const done = step - 1;
      if (done <= top) return between(initial, peak, top > 0 ? done / top : 1);
      return between(peak, final, last > top ? (done - top) / (last - top) : 1);
    }
  }
}

/** Half a cosine from `start` (share 0) to `end` (share 1). */
function between(start: number, end: number, share: number): number {
  return end + ((start - end) / 2) * (1 + cosPi(Math.min(1, Math.max(0, share))));
}
