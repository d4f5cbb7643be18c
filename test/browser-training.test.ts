import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { launchChromium, openPage, withoutChromium } from './support/chromium.ts';
import { type StaticServer, serveFolder } from './support/static-server.ts';
import { trainTwoSteps } from './support/training-step.js';

// Whole trainings, on machines that may be busy.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

describe.skipIf(withoutChromium)(
  `a training step in Chromium gives the bits of Node.js ${withoutChromium ?? ''}`,
  () => {
    let server: StaticServer;
    let browser: Browser;
    let page: Page;
    beforeAll(async () => {
      server = await serveFolder(fileURLToPath(new URL('..', import.meta.url)));
      browser = await launchChromium();
      page = await openPage(browser);
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
  },
);
