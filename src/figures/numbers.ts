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

/** `1 cell`, `27,558 cells` */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `97.3 %` */
export function percent(value: number | null): string {
  return value === null ? 'not defined' : `${(100 * value).toFixed(1)} %`;
}
