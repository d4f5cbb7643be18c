/** A figure between 0 and 1 to four places; `-` where it is not defined. */
export function formatShare(value: number | null): string {
  return value === null ? '-' : value.toFixed(4);
}

/** Both ends to four places; empty where there is none. */
export function formatInterval(interval: readonly [number, number] | undefined): string {
  return interval === undefined ? '' : `${interval[0].toFixed(4)} to ${interval[1].toFixed(4)}`;
}

/** Seconds in the two units a person would use: `0.4 s`, `45 s`, `12 min`, `3 h 20 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
