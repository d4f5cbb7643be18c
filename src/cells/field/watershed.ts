import type { Box } from './regions.ts';

/** Where the flood of one cell starts, and where it ends at the latest. */
export interface Marker {
  /** Number of the pixel; undefined where the cell has none. */
  readonly at: number | undefined;
  readonly box: Box;
}

/**
 * Watershed from markers (Meyer 1994, "Topographic distance and watershed lines"): every marker floods its surroundings, the
 * highest pixels first, and where two floods meet, one cell ends and the next begins. On distances from the background that
 * is at the necks between touching cells. Floods go from side to side.
 *
 * @param heights 0 is never flooded, `width` a row
 * @returns for each pixel 1 + the number of its marker, or 0
 */
export function watershed(heights: Uint16Array, width: number, markers: readonly Marker[]): Int32Array {
  const labels = new Int32Array(heights.length);
  // Waiting pixels by height: a queue each.
  const queues = new Map<number, number[]>();
  let level = 0;
  const push = (pixel: number, label: number, height: number) => {
    labels[pixel] = label;
    const queue = queues.get(height);
    if (queue) queue.push(pixel);
    else queues.set(height, [pixel]);
  };
  markers.forEach(({ at }, k) => {
    if (at === undefined || labels[at] !== 0) return;
    push(at, k + 1, heights[at]);
    level = Math.max(level, heights[at]);
  });
  for (; level > 0; level--) {
    const queue = queues.get(level);
    if (!queue) continue;
    for (let next = 0; next < queue.length; next++) {
      const pixel = queue[next];
      const label = labels[pixel];
      const { left, top, right, bottom } = markers[label - 1].box;
      const x = pixel % width;
      const y = (pixel - x) / width;
      const flood = (to: number, isWithin: boolean) => {
        // What lies higher than the flood stands is under water already.
        if (isWithin && heights[to] > 0 && labels[to] === 0) push(to, label, Math.min(level, heights[to]));
      };
      flood(pixel - 1, x > Math.max(0, left));
      flood(pixel + 1, x + 1 < Math.min(width, right));
      flood(pixel - width, y > Math.max(0, top));
      flood(pixel + width, y + 1 < Math.min(heights.length / width, bottom));
    }
    queues.delete(level);
  }
  return labels;
}
