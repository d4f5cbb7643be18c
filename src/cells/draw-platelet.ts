import { type Body, drawBody, drawPoint, light, type Stain } from './draw-bodies.ts';
import type { Draws } from './draw-random.ts';

/**
 * A platelet lying on a red cell: round or oval, violet, granular, without the ring and the dense dot of a parasite. Sizes and
 * densities are those of 187 platelets between the cells of `chula-fields` and `iml-fields` (5th to 95th percentile: .22 to .43 of a red
 * cell's radius, .18 to .46 of the green taken away). Cameras differ, so hues go as far as those of stained spots on healthy patients'
 * cells of the NIH set: of red .16 to .64, of blue .06 to .72 of what they take away of green.
 *
 * @param radius of the cell, in pixels; its middle is at 0, 0
 */
export function drawPlatelet(draws: Draws, radius: number): Body[] {
  const at = drawPoint(draws, [0, 0], 0, 0.95 * radius);
  const size = radius * draws.between(0.22, 0.44);
  const stain: Stain = [draws.between(0.16, 0.66), 1, draws.between(0.06, 0.66)];
  const granules = draws.whole(0, 8);
  const grain = draws.between(0.05, 0.35);
  const soft = draws.between(0.3, 1);
  return [
    { ...drawBody(draws, at, size * 1.35, -draws.between(0, 0.1), light), soft: 0.8 },
    { ...drawBody(draws, at, size, draws.between(0.15, 0.45), stain), soft },
    ...Array.from({ length: granules }, () => {
      const granule = drawBody(
        draws,
        drawPoint(draws, at, 0, 0.75 * size),
        size * draws.between(0.15, 0.4),
        grain * draws.between(0.4, 1),
        stain,
        1.5,
      );
      return { ...granule, soft: 0.9 };
    }),
  ];
}
