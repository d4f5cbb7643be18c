/** Pixels outside a mask that are connected by their sides. */
interface Hole {
  readonly pixels: readonly number[];
  readonly x: number;
  readonly y: number;
}

/**
 * Fills, in place, the holes that `isHole` says are some. The parts outside that reach the edge are never asked about.
 *
 * @param inside 0 outside, 1 inside, `width` a row
 * @param isHole of the area and the centroid of a part outside
 */
export function fillHoles(
  inside: Uint8Array,
  width: number,
  isHole: (area: number, x: number, y: number) => boolean = () => true,
): void {
  const seen = inside.slice();
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] !== 0) continue;
    const hole = takeHole(seen, width, start);
    if (hole && isHole(hole.pixels.length, hole.x, hole.y)) for (const i of hole.pixels) inside[i] = 1;
  }
}

/** Marks the pixels connected with the one at `start` as seen; undefined where they reach the edge. */
function takeHole(seen: Uint8Array, width: number, start: number): Hole | undefined {
  const pixels = [start];
  seen[start] = 1;
  let reachesEdge = false;
  let sumX = 0;
  let sumY = 0;
  const take = (i: number) => {
    if (seen[i] !== 0) return;
    seen[i] = 1;
    pixels.push(i);
  };
  for (let next = 0; next < pixels.length; next++) {
    const i = pixels[next];
    const x = i % width;
    sumX += x;
    sumY += (i - x) / width;
    if (x === 0 || x === width - 1 || i < width || i >= seen.length - width) reachesEdge = true;
    if (x > 0) take(i - 1);
    if (x < width - 1) take(i + 1);
    if (i >= width) take(i - width);
    if (i < seen.length - width) take(i + width);
  }
  return reachesEdge ? undefined : { pixels, x: sumX / pixels.length, y: sumY / pixels.length };
}
