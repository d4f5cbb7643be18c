/** Files that are taken for images, by their names. */
export const imageEnding = /\.(png|jpe?g|jfif|webp|tiff?|bmp)$/i;

/** Why a file in a folder or archive is not taken for an image; undefined if it is one by its name. */
export function ignoredReason(name: string): string | undefined {
  if (name.startsWith('.')) return 'dot file';
  if (name.toLowerCase() === 'thumbs.db') return 'Thumbs.db';
  return imageEnding.test(name) ? undefined : 'not the ending of an image';
}
