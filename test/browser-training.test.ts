import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type StaticServer, serveFolder } from './support/static-server.ts';
import { trainTwoSteps } from './support/training-step.js';

// Whole trainings, on machines that may be busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
// With CI set it must run: a missing Chromium is a failure there.
const without =
  existsSync(executablePath) || process.env['CI'] ? undefined : `(${executablePath} is missing)`;

describe.skipIf(without)(`a training step in Chromium gives the bits of Node.js ${without ?? ''}`, () => {
  let server: StaticServer;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    server = await serveFolder(fileURLToPath(new URL('..', import.meta.url)));
    browser = await chromium.launch({
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    page = await browser.newPage();
    await page.goto(`${server.url}/test/support/training-step.html`);
    await page.waitForFunction('window.trainTwoSteps');
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test.each(['seed', 'default'])(
    'recipe %s, one thread and two',
    async (recipe) => {
      const load = (path: string) => import(new URL(`../dist/${path}`, import.meta.url).href);
      const expected = await trainTwoSteps(load, { recipe, batch: 8, threads: 1 });
      for (const threads of [1, 2]) {
        const options = JSON.stringify({ recipe, batch: 8, threads });
        expect(await page.evaluate(`window.trainTwoSteps(${options})`)).toBe(expected);
      }
    },
    300_000,
  );
});
