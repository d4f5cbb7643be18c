// A contact sheet of cells for the eye, best on a black background.
import { drawImage, paste } from '../../dist/cells/draw-canvas.js';
import { encodePng } from '../../dist/cells/encode.js';
import { resample } from '../../dist/cells/resample.js';

const TILE = 110;

export function contactSheet(images, columns = 10) {
  const rows = Math.ceil(images.length / columns);
  const sheet = drawImage(columns * TILE, rows * TILE, () => [0, 0, 0]);
  images.forEach((image, i) => {
    const scale = Math.min(1, (TILE - 6) / Math.max(image.width, image.height));
    const { width, height, data } = resample({ ...image, channels: 3 }, scale);
    paste(
      sheet,
      { width, height, data: Uint8Array.from(data, Math.round) },
      (i % columns) * TILE + 3,
      Math.floor(i / columns) * TILE + 3,
    );
  });
  return encodePng(sheet);
}
