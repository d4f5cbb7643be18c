import { type DrawnCell, drawCellAt } from './draw.ts';
import { drawImage, paste } from './draw-canvas.ts';
import { drawsOf, hash } from './draw-random.ts';
import type { CellImage } from './image.ts';

/** A cell and where it lies in its field: pixels from the left and upper edge to those of its image. */
export interface PlacedCell extends DrawnCell {
  readonly left: number;
  readonly top: number;
}

/** A drawn field of view and what lies where in it. */
export interface DrawnField {
  readonly image: CellImage;
  readonly cells: readonly PlacedCell[];
}

/** Cells lie in squares of this side: as wide as the largest, so that none overlap. */
const PITCH = 212;
/** Patients to choose from. */
const PATIENTS = 8;

/**
 * Draws a field of view of a thin smear: the cells of one patient, none touching another or the edge, on a light background that
 * is brighter on one side. For tests and teaching, as `drawCells`; the same arguments give the same bytes on every machine.
 *
 * @param columns cells in a row
 * @param rows cells in a column
 * @param seed whole number
 */
export function drawField({
  columns,
  rows,
  seed,
}: {
  columns: number;
  rows: number;
  seed: number;
}): DrawnField {
  const draws = drawsOf(seed, 3, 0);
  const grain = draws.whole(0, 2 ** 31 - 1);
  const [lightX, lightY] = draws.direction();
  const [width, height] = [columns * PITCH, rows * PITCH];
  const glass = [243, 240, 243].map((level) => level * draws.between(0.99, 1.01));
  const image = drawImage(width, height, (x, y) => {
    const light = 1 + 0.01 * (lightX * ((2 * x) / width - 1) + lightY * ((2 * y) / height - 1));
    const level = (c: number) => glass[c] * light + 3 * (hash(grain, x, y) - 0.5);
    return [level(0), level(1), level(2)];
  });
  const patient = draws.whole(0, PATIENTS - 1);
  const cells = Array.from({ length: columns * rows }, (_, i) => {
    const cell = drawCellAt(seed, PATIENTS, PATIENTS * i + patient);
    const place = (size: number) => draws.whole(2, Math.max(2, PITCH - size - 2));
    const left = (i % columns) * PITCH + place(cell.image.width);
    const top = Math.floor(i / columns) * PITCH + place(cell.image.height);
    return { ...cell, left, top };
  });
  for (const cell of cells) paste(image, cell.image, cell.left, cell.top);
  return { image, cells };
}
