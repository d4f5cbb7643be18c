import { encode } from 'fast-png';
import { type CellImage, checkImage } from './image.ts';

/**
 * The image as an 8-bit RGB PNG file.
 * @throws GiemsaError `wrong-pixels`
 */
export function encodePng(image: CellImage): Uint8Array {
  checkImage(image);
  return encode({ width: image.width, height: image.height, data: image.data, channels: 3, depth: 8 });
}
