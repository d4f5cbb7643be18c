import createCodec, { type WebPModule } from '@jsquash/webp/codec/dec/webp_dec.js';
import { initEmscriptenModule } from '@jsquash/webp/utils.js';
import { wasmModule } from '#wasm';
import { codecOf } from './codec.ts';
import { GiemsaError } from './errors.ts';
import type { CellImage } from './image.ts';
import { checkSize, type ImageLimits } from './limits.ts';
import { toRgb } from './pixels.ts';

const codec = codecOf('WebP', loadCodec);

/** Decodes a still WebP, lossy or lossless, with or without alpha. */
export async function decodeWebp(bytes: Uint8Array, limits: ImageLimits): Promise<CellImage> {
  const { width, height } = readSize(bytes);
  checkSize(width, height, limits);
  const module = await codec.get();
  const decoded = module.decode(bytes as Uint8Array<ArrayBuffer>);
  if (decoded?.width !== width || decoded.height !== height) {
    throw new GiemsaError('damaged-image', 'damaged or truncated WebP');
  }
  return toRgb({ width, height, channels: 4, data: decoded.data, white: 255 });
}

async function loadCodec(): Promise<WebPModule> {
  const wasm = await wasmModule('@jsquash/webp/codec/dec/webp_dec.wasm');
  return initEmscriptenModule(createCodec, wasm, {});
}

/** Width and height from the first chunk (RFC 9649, sections 2.5 to 2.7). */
function readSize(bytes: Uint8Array): { width: number; height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 30 || view.getUint32(4, true) + 8 > bytes.length) {
    throw new GiemsaError('damaged-image', 'truncated WebP: the file ends before the image does');
  }
  switch (String.fromCharCode(...bytes.subarray(12, 16))) {
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 'VP8L': {
      const packed = view.getUint32(21, true);
      return { width: (packed & 0x3fff) + 1, height: ((packed >> 14) & 0x3fff) + 1 };
    }
    case 'VP8X':
      if (bytes[20] & 2) {
        throw new GiemsaError(
          'unsupported-image',
          'an animated WebP: save the frame that shows the cell as one image',
        );
      }
      return {
        width: (view.getUint32(24, true) & 0xffffff) + 1,
        height: (view.getUint32(26, true) >>> 8) + 1,
      };
    default:
      throw new GiemsaError('damaged-image', 'damaged WebP: it begins with no known chunk');
  }
}
