import type { Colour } from './colour.ts';
import { drawImage } from './draw-canvas.ts';
import { type Draws, noise, smooth } from './draw-random.ts';
import type { CellImage } from './image.ts';

const WIDTH = 160;
const HEIGHT = 120;

/** What a camera or a scanner gives that was not pointed at a microscope: text, landscapes, soft gradients. */
export function drawScenes(draws: Draws): Record<string, CellImage> {
  return {
    'text, black on white': text(draws, [255, 255, 255], [0, 0, 0]),
    'text, white on black': text(draws, [0, 0, 0], [255, 255, 255]),
    'text, violet on rose': text(draws, [225, 190, 200], [110, 50, 130]),
    'landscape, green': landscape(
      draws,
      [
        [110, 160, 225],
        [215, 230, 245],
      ],
      [70, 115, 60],
    ),
    'landscape, dusk': landscape(
      draws,
      [
        [70, 60, 120],
        [240, 150, 110],
      ],
      [45, 35, 60],
    ),
    'landscape, desert': landscape(
      draws,
      [
        [120, 175, 230],
        [235, 225, 210],
      ],
      [200, 150, 95],
    ),
    'photograph, soft': photograph(draws),
    'photograph, skin': photograph(draws, [215, 165, 145]),
  };
}

/** Letters of five rows, three columns, the upper left bit first. */
const LETTERS = {
  a: 0b010_101_111_101_101,
  c: 0b011_100_100_100_011,
  e: 0b111_100_110_100_111,
  i: 0b111_010_010_010_111,
  l: 0b100_100_100_100_111,
  n: 0b110_101_101_101_101,
  o: 0b010_101_101_101_010,
  r: 0b110_101_110_101_101,
  s: 0b011_100_010_001_110,
  t: 0b111_010_010_010_010,
} as const;
const LETTER_ROWS = 5;
const LETTER_COLUMNS = 3;

/** Lines of letters without sense. */
function text(draws: Draws, paper: Colour, ink: Colour): CellImage {
  const dot = draws.whole(2, 5);
  const letters = Object.values(LETTERS);
  const [columns, rows] = [Math.ceil(WIDTH / (4 * dot)), Math.ceil(HEIGHT / (7 * dot))];
  const page = Array.from({ length: columns * rows }, () =>
    draws.chance(0.15) ? 0 : letters[draws.whole(0, letters.length - 1)],
  );
  return drawImage(WIDTH, HEIGHT, (x, y) => {
    const [column, row] = [Math.floor(x / dot), Math.floor(y / dot)];
    const letter = page[Math.floor(row / 7) * columns + Math.floor(column / 4)];
    const [u, v] = [column % 4, row % 7];
    if (u >= LETTER_COLUMNS || v >= LETTER_ROWS) return paper;
    const bit = LETTER_ROWS * LETTER_COLUMNS - 1 - (v * LETTER_COLUMNS + u);
    return (letter >> bit) % 2 === 1 ? ink : paper;
  });
}

/** A sky that is lighter lower down, a sun, and three rows of hills, the nearer the darker. */
function landscape(draws: Draws, [zenith, horizon]: readonly Colour[], ground: Colour): CellImage {
  const seed = draws.whole(0, 2 ** 31 - 1);
  const [sunX, sunY] = [draws.between(20, WIDTH - 20), draws.between(12, 40)];
  const hills = [0, 1, 2].map((k) => ({
    top: 55 + 20 * k,
    height: 14 - 3 * k,
    scale: 45 - 12 * k,
    shade: 1.25 - 0.3 * k,
  }));
  return drawImage(WIDTH, HEIGHT, (x, y) => {
    const hill = hills.findLast(
      ({ top, height, scale }, k) => y > top + height * noise(seed + k, x, 0, scale),
    );
    const grain = 1 + 0.06 * noise(seed, x, y, 3);
    if (hill) return scaled(ground, hill.shade * grain);
    const sun = smooth(1.5 - Math.sqrt((x - sunX) ** 2 + (y - sunY) ** 2) / 9);
    const sky = mixed(zenith, horizon, y / 70);
    return mixed(scaled(sky, 1 + 0.01 * noise(seed, x, y, 3)), [255, 250, 220], sun);
  });
}

/** Soft light over surfaces out of focus: noise of several sizes, each channel a little on its own. */
function photograph(draws: Draws, base?: Colour): CellImage {
  const seed = draws.whole(0, 2 ** 31 - 1);
  const colour: Colour = base ?? [draws.between(80, 180), draws.between(80, 180), draws.between(80, 180)];
  const own = base ? 0.05 : 0.35;
  return drawImage(WIDTH, HEIGHT, (x, y) => {
    const shared = 0.3 * noise(seed, x, y, 70) + 0.1 * noise(seed, x, y, 25) + 0.02 * noise(seed, x, y, 2);
    const level = (c: number) => colour[c] * (1 + shared + own * noise(seed + 1 + c, x, y, 60));
    return [level(0), level(1), level(2)];
  });
}

function scaled([r, g, b]: Colour, by: number): Colour {
  return [r * by, g * by, b * by];
}

function mixed(a: Colour, b: Colour, share: number): Colour {
  const level = (c: number) => a[c] + (b[c] - a[c]) * Math.min(1, share);
  return [level(0), level(1), level(2)];
}
