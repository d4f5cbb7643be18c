import { encode } from 'fast-png';
import type { CellImage } from './image.ts';

/** The image as an 8-bit RGB PNG file. */
export function encodePng(image: CellImage): Uint8Array {
  return encode({ width: image.width, height: image.height, data: image.data, channels: 3, depth: 8 });
}
