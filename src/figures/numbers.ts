/** How numbers are written in figures and reports. */

/** A share, an AUC: three decimals. */
export function share(value: number | null | undefined): string {
  return value === null || value === undefined ? 'not defined' : value.toFixed(3);
}

/** `0.985 (0.979 to 0.990)`: a figure with its 95 % interval, where there is one. */
export function withInterval(
  value: number | null,
  interval: readonly [low: number, high: number] | undefined,
): string {
  return value !== null && interval ? `${share(value)} (${range(interval)})` : share(value);
}

export function range([low, high]: readonly [low: number, high: number]): string {
  return `${share(low)} to ${share(high)}`;
}

/** `27,558` */
export function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 0 });
}

/** A large number that is known roughly, to three digits: `103,000`. */
export function roughly(value: number): string {
  return count(Number(value.toPrecision(3)));
}

/** `1 cell`, `27,558 cells` */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `97.3 %` */
export function percent(value: number | null): string {
  return value === null ? 'not defined' : `${(100 * value).toFixed(1)} %`;
}

/** `10.5 (7.1 to 15.4)`: a rate in 1,000 with its 95 % interval. */
export function perThousand(rate: {
  readonly per1000: number;
  readonly interval: readonly [low: number, high: number];
}): string {
  const [low, high] = rate.interval;
  return `${rate.per1000.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
}
