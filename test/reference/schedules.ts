import type { Schedule } from '../../src/recipes/schedule.ts';

/** The schedules again, from their descriptions, with Math.sin in place of the cosine that src computes itself. */
export function scheduleReference(schedule: Schedule, step: number, steps: number): number {
  if (schedule.type === 'constant') return schedule.rate;
  const { peak } = schedule;
  if (schedule.type === 'warm-up-cosine') {
    const { final = 0 } = schedule;
    const warm = schedule.warmUp * steps;
    if (step <= warm) return peak * (step / warm);
    return glide(peak, final, step - warm, steps - warm);
  }
  // As PyTorch counts: from step 0, the rise ends one before the share of all steps.
  const { initial = peak / 25, final = initial / 10_000 } = schedule;
  const rise = schedule.warmUp * steps - 1;
  if (step - 1 <= rise) return rise > 0 ? glide(initial, peak, step - 1, rise) : peak;
  return glide(peak, final, step - 1 - rise, steps - 1 - rise);
}

/** From one rate to another along half a cosine, after `done` of `all`. */
function glide(from: number, to: number, done: number, all: number): number {
  return from + (to - from) * Math.sin((Math.PI / 2) * (done / all)) ** 2;
}
