/**
 * Slide and patient in the file names of the NIH set: `C100P61ThinF_IMG_20150918_144104_cell_162.png` is slide
 * `C100P61ThinF` of patient P61; slides of healthy people carry no P: `C205ThinF` is patient C205. The two slides of
 * C47 (two microscopes) are one patient, P8.
 */
export function nihSlide(name: string): string | undefined {
  const end = name.indexOf('_IMG');
  if (end < 0) return undefined;
  const slide = name.slice(0, end);
  return nihPatient(slide) === undefined ? undefined : slide;
}

/** The patient of a slide's name: `P1`... infected, `C1`... healthy; undefined for names of another kind. */
export function nihPatient(slide: string): string | undefined {
  const parts = /^(C\d+)(?:[A-Z]?(P\d+))?/.exec(slide);
  return parts ? (parts[2] ?? parts[1]) : undefined;
}
