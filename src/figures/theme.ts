/**
 * What all figures have in common. Colours are those of Okabe and Ito (2008, "Color Universal Design"), told apart with
 * any kind of colour vision; lines also differ by their dashes. Sizes are in the units of the drawing, of which a figure
 * is 560 wide: at half that width the small text still has 7 px.
 */
export const COLOURS = {
  parasitized: '#d55e00',
  uninfected: '#0072b2',
  /** A third thing beside the two, or a single one. */
  other: '#009e73',
  accent: '#cc79a7',
  ink: '#1f2933',
  muted: '#52606d',
  grid: '#d9dee3',
  paper: '#ffffff',
} as const;

/**
 * Arimo is shipped (for PNG and reports). The others have the same widths, so that an SVG file looks the same where Arimo
 * is not installed.
 */
export const FONT_FAMILY = "Arimo, 'Liberation Sans', Arial, Helvetica, sans-serif";

export const FONT_SIZE = { title: 18, text: 15, small: 14 } as const;

/** Width of a figure, unless it needs another. */
export const FIGURE_WIDTH = 560;
