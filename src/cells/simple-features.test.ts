import { expect, it } from 'vitest';
import { drawCells } from './draw.ts';
import { darkSpots, imageColour, meanColour, size } from './simple-features.ts';

/** A grey cell of 12x8 pixels, black around it, with dark pixels where the picture has an x. */
function picture(...rows: string[]) {
  const colours: Record<string, number[]> = { ' ': [0, 0, 0], '.': [200, 160, 180], x: [150, 60, 150] };
  const data = Uint8Array.from(rows.flatMap((row) => [...row].flatMap((character) => colours[character])));
  return { width: rows[0].length, height: rows.length, data };
}

const cell = picture(
  '  ........  ',
  ' ..xx..xx.. ',
  '...xx..xx...',
  '...xx...xx..',
  '...........x',
  'xx..........',
  ' xx........ ',
  '  ........  ',
);

it('counts connected dark pixels, six or more, by their sides', () => {
  // Spots of 6 and of 6; the ones of 1 and of 4 are too small.
  expect(darkSpots(cell)).toEqual([2]);
  expect(darkSpots(picture('......', '......', 'xxx...', '...xxx'))).toEqual([0]);
  expect(darkSpots(picture('    '))).toEqual([0]);
});

it('a spot does not go on at the other side of the image', () => {
  expect(darkSpots(picture('....', '..xx', 'x...', 'x...', '....', '..xx', '....'))).toEqual([0]);
});

it('gives the size, and the mean colour without the black and with it', () => {
  expect(size(cell)).toEqual([12, 8]);
  expect(meanColour(picture(' .. ', ' xx '))).toEqual([175, 110, 165]);
  expect(meanColour(picture('    '))).toEqual([0, 0, 0]);
  expect(imageColour(picture(' .. ', ' xx '))).toEqual([87.5, 55, 82.5]);
});

it('reads drawn cells', () => {
  const [{ image }] = drawCells({ count: 1, seed: 1 });
  expect(darkSpots(image)[0]).toBeGreaterThan(0);
  expect(meanColour(image).every((value) => value > 80 && value < 230)).toBe(true);
});
