import { basename, extname } from 'node:path';

/** Together with what follows and a temporary file's ending, still under the 255 bytes that file systems allow. */
const LONGEST = 48;

/** Names of heat maps, `cell-heat-map.png` for `cell.png`; where that is taken already, `cell-2-heat-map.png`. */
export function mapNames(): (file: string) => string {
  const taken = new Set<string>();
  return (file) => {
    // What Windows allows in no name, and what would drive a terminal.
    const stem = basename(file, extname(file)).replace(/[\p{Cc}<>:"/\\|?*]/gu, '_');
    const short = Array.from(stem).slice(0, LONGEST).join('');
    let name = short;
    // Some file systems take A and a for the same.
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${short}-${number}`;
    taken.add(name.toLowerCase());
    return `${name}-heat-map.png`;
  };
}
