// The command in few files instead of 160: Node takes a millisecond to find, read and link each, and one cell is classified
// sooner than that. What is no part of every command's start, or finds files beside itself, stays outside, as does what
// threads start from; the library is not bundled.
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const folder = fileURLToPath(new URL('../dist/cli/', import.meta.url));
const packages = ['commander', 'fast-png', 'fflate', 'iobuffer', 'valibot'];

/** Paths beside a module are meant from where it lay. */
const urlsStay = {
  name: 'urls-stay',
  transform: (code, id) =>
    code.replaceAll('import.meta.url', `new URL('${relative(folder, id)}', import.meta.url).href`),
};

const bundle = await rolldown({
  input: { main: `${folder}main.js` },
  platform: 'node',
  external: (id) => /^[a-z@]/.test(id) && !packages.some((name) => `${id}/`.startsWith(`${name}/`)),
  plugins: [urlsStay],
});
await bundle.write({ dir: folder, format: 'esm' });
writeFileSync(`${folder}LICENSES.txt`, packages.map(licenceOf).join('\n\n'));

// npx sets the bit of a command that it links for the first time only: after another build it would be "Permission denied".
chmodSync(`${folder}main.js`, 0o755);

function licenceOf(name) {
  const from = new URL(`../node_modules/${name}/`, import.meta.url);
  const file = readdirSync(from).find((entry) => /^licen[cs]e/i.test(entry));
  return `Parts of ${name} are in these files:\n\n${readFileSync(new URL(file, from), 'utf8').trim()}\n`;
}
