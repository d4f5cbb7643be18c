// Compiles the AssemblyScript kernels into two modules from one source (plain and relaxed SIMD), each written as a
// JavaScript file that holds the bytes: Node and browsers load them alike, with nothing to fetch.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../src/engine/kernels');
mkdirSync(join(folder, 'build'), { recursive: true });

const common = [
  'index.ts',
  ...['--baseDir', folder, '--outFile', 'module.wasm', '--textFile', 'module.wat'],
  ...['--runtime', 'stub', '--importMemory', '--sharedMemory', '--noExportMemory'],
  ...['--initialMemory', '1', '--maximumMemory', '65536', '--noAssert', '--noColors'],
  ...['-O3', '--converge', '--enable', 'simd', '--enable', 'threads'],
];

for (const [name, extra] of [
  ['plain', []],
  ['relaxed', ['--enable', 'relaxed-simd']],
]) {
  let bytes;
  let text = '';
  const { error, stderr } = await asc.main([...common, ...extra], {
    writeFile(file, contents) {
      if (file.endsWith('.wasm')) bytes = contents;
      else if (file.endsWith('.wat')) text = contents;
    },
  });
  if (error) {
    console.error(stderr.toString());
    process.exit(1);
  }
  // Threads share one memory: a global or a data segment would belong to one of them, or be written over.
  const forbidden = text.match(/^ \((global .*\(mut |data ).*$/m);
  if (forbidden) {
    console.error(
      `build-kernels: ${name} has shared state, which kernels must not have: ${forbidden[0].trim()}`,
    );
    process.exit(1);
  }
  const base64 = Buffer.from(bytes).toString('base64');
  // Without the type, the declarations that tsc makes would hold the text once more.
  writeFileSync(
    join(folder, 'build', `${name}.js`),
    `/** @type {string} */\nconst base64 = '${base64}';\nexport default base64;\n`,
  );
  writeFileSync(
    join(folder, 'build', `${name}.d.ts`),
    'declare const base64: string;\nexport default base64;\n',
  );
  console.error(`kernels: ${name}, ${bytes.length} bytes`);
}
