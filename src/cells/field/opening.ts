import { distanceInside, PIXEL } from './distance.ts';

/**
 * Morphological opening by a disc (Serra 1982), then the part it leaves around the deepest pixel: what is narrower than the disc, as
 * a rim of a neighbour or a tail, is gone, and so is what hung on it.
 *
 * @param inside 0 outside, 1 inside, `width` a row; what lies beyond is outside
 * @param radius of the disc, in pixels
 * @returns the same size; nothing where the disc fits nowhere
 */
export function openedBody(inside: Uint8Array, width: number, radius: number): Uint8Array {
  const reach = Math.round(PIXEL * radius);
  const framed = withFrame(inside, width);
  const depth = distanceInside(framed, width + 2);
  let deepest = 0;
  for (let i = 0; i < depth.length; i++) if (depth[i] > depth[deepest]) deepest = i;
  const core = coreAround(depth, width + 2, deepest, reach);
  const away = distanceInside(
    core.map((value) => 1 - value),
    width + 2,
  );
  const opened = new Uint8Array(inside.length);
  const height = inside.length / width;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const at = (y + 1) * (width + 2) + x + 1;
      opened[i] = framed[at] === 1 && away[at] <= reach ? 1 : 0;
    }
  }
  return opened;
}

/** The mask with a row or column of nothing on each side. */
function withFrame(inside: Uint8Array, width: number): Uint8Array {
  const height = inside.length / width;
  const framed = new Uint8Array((width + 2) * (height + 2));
  for (let y = 0; y < height; y++) {
    framed.set(inside.subarray(y * width, (y + 1) * width), (y + 1) * (width + 2) + 1);
  }
  return framed;
}

/** The pixels deeper than `reach` that hang together with the one at `start`, by their sides. */
function coreAround(depth: Uint16Array, width: number, start: number, reach: number): Uint8Array {
  const core = new Uint8Array(depth.length);
  if (depth[start] <= reach) return core;
  const open = [start];
  core[start] = 1;
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    // The frame keeps every step within the mask.
    for (const side of [i - 1, i + 1, i - width, i + width]) {
      if (core[side] === 1 || depth[side] <= reach) continue;
      core[side] = 1;
      open.push(side);
    }
  }
  return core;
}
