import { bytes, type HostileFile, notFiles, otherKinds } from './files.ts';

/** Files that are not the model they claim to be: others, cut short, or changed by one byte. */
export function hostileModels(good: Uint8Array): HostileFile[] {
  const says = /the model cannot be used/;
  const shares = [0, 0.001, 0.1, 0.5, 0.9, 0.999];
  const places = Array.from({ length: 30 }, (_, i) => Math.floor((i / 29) * (good.length - 1)));
  return [
    ...notFiles().filter(({ name }) => name !== 'missing'),
    { name: 'missing', make: () => {}, says: /does not exist/ },
    ...otherKinds(says),
    ...shares.map((share) => bytes(`cut at ${share}`, good.slice(0, share * good.length), says)),
    bytes('one byte more', Buffer.concat([good, Buffer.from([0])]), says),
    bytes('twice', Buffer.concat([good, good]), says),
    ...places.map((at) => {
      const changed = Uint8Array.from(good);
      changed[at] ^= 1 << (at % 8);
      return bytes(`byte ${at} changed`, changed, says);
    }),
  ];
}
