import createCodec, { type MozJPEGModule } from '@jsquash/jpeg/codec/dec/mozjpeg_dec.js';
import { initEmscriptenModule } from '@jsquash/jpeg/utils.js';
import { wasmModule } from '#wasm';
import { codecOf } from './codec.ts';
import { GiemsaError } from './errors.ts';
import type { CellImage } from './image.ts';
import { checkSize, type ImageLimits } from './limits.ts';
import { toRgb } from './pixels.ts';

/** What the codec had to say about the image in hand; it decodes damaged data as well as it can and only warns. */
const warnings: string[] = [];
const codec = codecOf('JPEG', loadCodec);

/** Decodes a JPEG of one or three components (grey, YCbCr, RGB), baseline or progressive. EXIF rotation is not applied. */
export async function decodeJpeg(bytes: Uint8Array, limits: ImageLimits): Promise<CellImage> {
  const frame = readFrame(bytes);
  checkSize(frame.width, frame.height, limits);
  if (frame.precision !== 8 || frame.components === 2 || frame.components > 3) {
    const what =
      frame.components === 4 ? 'a CMYK JPEG' : `a JPEG of ${frame.components} x ${frame.precision} bits`;
    throw new GiemsaError('unsupported-image', `${what}: save it as RGB with 8 bits`);
  }
  if (countScans(bytes) > MOST_SCANS) {
    throw new GiemsaError(
      'image-too-large',
      `a JPEG of more than ${MOST_SCANS} scans, each of which takes as long as the whole image: save it anew`,
    );
  }
  const module = await codec.get();
  // From here to the check of the warnings nothing else can run.
  warnings.length = 0;
  let decoded: ImageData | null;
  try {
    decoded = module.decode(bytes as Uint8Array<ArrayBuffer>, false);
  } catch (error) {
    // It gave up half way, with its memory still taken: the next image gets a fresh one.
    codec.forget();
    throw error;
  }
  const warning = warnings.find((line) => /^(Premature end|Corrupt JPEG)/.test(line));
  const isOfFrame = decoded?.width === frame.width && decoded.height === frame.height;
  if (!decoded || !isOfFrame || warning) {
    const why = (warning ?? (decoded ? 'its size is not that of its header' : 'nothing decoded')).slice(
      0,
      120,
    );
    throw new GiemsaError('damaged-image', `damaged or truncated JPEG (${why})`);
  }
  return toRgb({ width: decoded.width, height: decoded.height, channels: 4, data: decoded.data, white: 255 });
}

async function loadCodec(): Promise<MozJPEGModule> {
  const wasm = await wasmModule('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm');
  return initEmscriptenModule(createCodec, wasm, { printErr: (line: string) => warnings.push(line) });
}

/** A progressive JPEG has about ten. */
const MOST_SCANS = 100;

/** Scans (ITU T.81, B.2.3) up to the end of the image: phones write other things behind it. */
function countScans(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let scans = 0;
  for (let at = bytes.indexOf(0xff, 2); at >= 0 && at + 4 <= bytes.length; at = bytes.indexOf(0xff, at)) {
    const marker = bytes[at + 1];
    if (marker === 0xd9) break;
    if (marker === 0xff) at++;
    // Within a scan, and no marker (00), or one without a segment.
    else if (marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else {
      if (marker === 0xda) scans++;
      at += 2 + view.getUint16(at + 2);
    }
  }
  return scans;
}

interface Frame {
  precision: number;
  width: number;
  height: number;
  components: number;
}

/**
 * The frame header (ITU T.81, B.2.2): the first segment SOF0 to SOF15 that is not DHT, JPG or DAC. A marker that the decoder would skip
 * in another way than a segment of its length, so that it sees another frame than this one, is refused.
 */
function readFrame(bytes: Uint8Array): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let offset = 2; offset + 4 <= bytes.length; ) {
    const marker = bytes[offset + 1];
    if (bytes[offset] !== 0xff) break;
    if (marker === 0xff) {
      offset++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame && offset + 10 <= bytes.length) {
      return {
        precision: bytes[offset + 4],
        height: view.getUint16(offset + 5),
        width: view.getUint16(offset + 7),
        components: bytes[offset + 9],
      };
    }
    const length = view.getUint16(offset + 2);
    const isBare = marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd9);
    if (isBare || length < 2) break;
    offset += 2 + length;
  }
  throw new GiemsaError('damaged-image', 'damaged or truncated JPEG: no frame header');
}
