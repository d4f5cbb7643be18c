import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect, test, vi } from 'vitest';
import { drawCells } from '../src/cells/draw.ts';
import { encodePng } from '../src/cells/encode.ts';
import { loadClassifier } from '../src/index.ts';
import { launchChromium, openPage, withoutChromium } from './support/chromium.ts';
import { blocksOf } from './support/documentation.ts';
import { serveFolder } from './support/static-server.ts';
import { temporaryFolder } from './support/temporary.ts';

// Machines may be busy.
vi.setConfig({ testTimeout: 600_000 });

const model = fileURLToPath(new URL('../models/default.onnx', import.meta.url));
const [drawn] = drawCells({ count: 1, seed: 3 });
const folder = temporaryFolder();
const cell = join(folder, 'cell.png');
writeFileSync(cell, encodePng(drawn.image));

/** A page, bundled as the guide says, in a folder to be served; the model lies beside it. */
async function bundled(name: string, html: string): Promise<string> {
  const place = join(folder, name);
  mkdirSync(join(place, 'node_modules'), { recursive: true });
  symlinkSync(fileURLToPath(new URL('..', import.meta.url)), join(place, 'node_modules', 'giemsa'));
  writeFileSync(join(place, 'index.html'), `<!doctype html>\n<meta charset="utf-8">\n${html}`);
  await build({ root: place, base: './', logLevel: 'silent', worker: { format: 'es' } });
  copyFileSync(model, join(place, 'dist', 'model.onnx'));
  return join(place, 'dist');
}

test.skipIf(withoutChromium)(
  `the page of the guide, bundled, says what Node does ${withoutChromium ?? ''}`,
  async () => {
    const [block] = blocksOf('docs/guides/use-a-model-elsewhere.md').filter(
      ({ language }) => language === 'html',
    );
    const server = await serveFolder(await bundled('guide', block.text));
    const browser = await launchChromium();
    try {
      const page = await openPage(browser);
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      await page.goto(`${server.url}/index.html`);
      await page.setInputFiles('input', cell);
      await page.waitForFunction('document.querySelector("pre").textContent || false');
      const classifier = await loadClassifier(model);
      const { label, probability } = await classifier.classify(readFileSync(cell));
      expect(await page.textContent('pre')).toBe(`cell.png: ${label} ${probability?.toFixed(3)}\n`);
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
      await server.close();
    }
  },
);

test.skipIf(withoutChromium)(
  `one thread where a page may not share memory, no other answer ${withoutChromium ?? ''}`,
  async () => {
    const place = await bundled(
      'threads',
      `<script type="module">
      import { loadClassifier } from 'giemsa/browser';
      const model = new URL('model.onnx', document.baseURI);
      window.classify = async (base64) => {
        const classifier = await loadClassifier(model, { threads: 2 });
        return classifier.classify(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
      };
    </script>`,
    );
    const expected = await (await loadClassifier(model)).classify(readFileSync(cell));
    const browser = await launchChromium();
    try {
      for (const isolated of [true, false]) {
        const server = await serveFolder(place, { isolated });
        try {
          const page = await openPage(browser);
          await page.goto(`${server.url}/index.html`);
          await page.waitForFunction('window.classify');
          expect(await page.evaluate('crossOriginIsolated')).toBe(isolated);
          expect(await page.evaluate(`classify('${readFileSync(cell, 'base64')}')`)).toEqual(expected);
          expect(page.workers()).toHaveLength(isolated ? 2 : 0);
        } finally {
          await server.close();
        }
      }
    } finally {
      await browser.close();
    }
  },
);
