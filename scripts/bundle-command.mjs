// The command in few files instead of 130: Node takes a millisecond to find, read and link each, more than it takes to
// classify one cell. Packages stay outside, as does what threads start from; the library is not bundled.
import { chmodSync } from 'node:fs';
import { relative } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const folder = fileURLToPath(new URL('../dist/cli/', import.meta.url));

/** Paths beside a module are meant from where it lay. */
const urlsStay = {
  name: 'urls-stay',
  transform: (code, id) =>
    code.replaceAll('import.meta.url', `new URL('${relative(folder, id)}', import.meta.url).href`),
};

const bundle = await rolldown({
  input: { main: `${folder}main.js` },
  platform: 'node',
  external: /^[a-z@]/,
  plugins: [urlsStay],
});
await bundle.write({ dir: folder, format: 'esm' });

// npx sets the bit of a command that it links for the first time only: after another build it would be "Permission denied".
chmodSync(`${folder}main.js`, 0o755);
