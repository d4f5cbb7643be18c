import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { expect, test, vi } from 'vitest';
import { drawCells } from '../src/cells/draw.ts';
import { encodePng } from '../src/cells/encode.ts';
import { loadClassifier } from '../src/index.ts';
import { blocksOf } from './support/documentation.ts';
import { serveFolder } from './support/static-server.ts';
import { temporaryFolder } from './support/temporary.ts';

// Machines may be busy.
vi.setConfig({ testTimeout: 600_000 });

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
// With CI set it must run: a missing Chromium is a failure there.
const without =
  existsSync(executablePath) || process.env['CI'] ? undefined : `(${executablePath} is missing)`;

test.skipIf(without)(`the page of the guide, bundled, says what Node does ${without ?? ''}`, async () => {
  const [block] = blocksOf('docs/guides/use-a-model-elsewhere.md').filter(
    ({ language }) => language === 'html',
  );
  const place = temporaryFolder();
  writeFileSync(join(place, 'index.html'), `<!doctype html>\n<meta charset="utf-8">\n${block.text}`);
  mkdirSync(join(place, 'node_modules'));
  symlinkSync(fileURLToPath(new URL('..', import.meta.url)), join(place, 'node_modules', 'giemsa'));
  await build({ root: place, base: './', logLevel: 'silent', worker: { format: 'es' } });
  const model = fileURLToPath(new URL('../models/default.onnx', import.meta.url));
  copyFileSync(model, join(place, 'dist', 'model.onnx'));
  const [drawn] = drawCells({ count: 1, seed: 3 });
  const cell = join(place, 'cell.png');
  writeFileSync(cell, encodePng(drawn.image));

  const server = await serveFolder(join(place, 'dist'));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${server.url}/index.html`);
    await page.setInputFiles('input', cell);
    await page.waitForFunction('document.querySelector("pre").textContent || false', undefined, {
      timeout: 120_000,
    });
    const classifier = await loadClassifier(model);
    const { label, probability } = await classifier.classify(readFileSync(cell));
    expect(await page.textContent('pre')).toBe(`cell.png: ${label} ${probability?.toFixed(3)}\n`);
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
    await server.close();
  }
});
