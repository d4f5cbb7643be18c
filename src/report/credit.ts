/** File names of the NIH set: `C100P61ThinF_IMG_20150918_144104_cell_162.png`. */
const NIH = /ThinF_IMG_\d{8}_\d{6}_cell_\d+/;

/** Whose images are shown, where their names tell: the NIH set is free to use with citation. */
export function creditOf(names: readonly string[]): string | undefined {
  if (!names.some((name) => NIH.test(name))) return undefined;
  return 'Images: US National Library of Medicine; Rajaraman et al. 2018, PeerJ 6:e4568';
}
