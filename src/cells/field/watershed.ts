import type { Marker } from './markers.ts';

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
  const lastRow = heights.length / width;
  // Waiting pixels by height: a queue each.
  const queues: (number[] | undefined)[] = [];
  const push = (pixel: number, label: number, height: number) => {
    labels[pixel] = label;
    const queue = queues[height];
    if (queue) queue.push(pixel);
    else queues[height] = [pixel];
  };
  let level = 0;
  markers.forEach(({ at }, k) => {
    if (at === undefined || labels[at] !== 0) return;
    push(at, k + 1, heights[at]);
    level = Math.max(level, heights[at]);
  });
  // What lies higher than the flood stands is under water at once.
  const flood = (to: number, label: number) => {
    if (heights[to] > 0 && labels[to] === 0) push(to, label, Math.min(level, heights[to]));
  };
  for (; level > 0; level--) {
    const queue = queues[level] ?? [];
    for (let next = 0; next < queue.length; next++) {
      const pixel = queue[next];
      const label = labels[pixel];
      const { left, top, right, bottom } = markers[label - 1].box;
      const x = pixel % width;
      const y = (pixel - x) / width;
      if (x > 0 && x > left) flood(pixel - 1, label);
      if (x + 1 < width && x + 1 < right) flood(pixel + 1, label);
      if (y > 0 && y > top) flood(pixel - width, label);
      if (y + 1 < lastRow && y + 1 < bottom) flood(pixel + width, label);
    }
    queues[level] = undefined;
  }
  return labels;
}
