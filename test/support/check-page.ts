import { pathToFileURL } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, openPage, withoutChromium } from './chromium.ts';

/** Tests that a page fits screens of 400, 800 and 1,400 pixels, and that axe-core finds nothing. */
export function describeInChromium(name: string, path: () => string): void {
  describe.skipIf(withoutChromium)(`${name} in Chromium ${withoutChromium ?? ''}`, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser?.close());

    test.each([400, 800, 1400])(
      '%i pixels wide: nothing sticks out, and axe-core finds nothing',
      async (width) => {
        // The page's own policy forbids scripts; axe is one.
        const page = await openPage(browser, { viewport: { width, height: 900 }, bypassCSP: true });
        const problems: string[] = [];
        page.on('console', (message) => problems.push(message.text()));
        await page.goto(pathToFileURL(path()).href);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        await page.evaluate(axe.source);
        const { violations, passes } = (await page.evaluate('axe.run()')) as AxeResults;
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))])).toEqual(
          [],
        );
        expect(passes.length).toBeGreaterThan(10);
        expect(problems).toEqual([]);
        await page.close();
      },
    );
  });
}
