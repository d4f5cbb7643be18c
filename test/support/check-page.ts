import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
// With CI set it must run: a missing Chromium is a failure there.
const without =
  existsSync(executablePath) || process.env['CI'] ? undefined : `(${executablePath} is missing)`;

/** Tests that a page fits screens of 400, 800 and 1,400 pixels, and that axe-core finds nothing. */
export function describeInChromium(name: string, path: () => string): void {
  describe.skipIf(without)(`${name} in Chromium ${without ?? ''}`, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    });
    afterAll(() => browser?.close());

    test.each([400, 800, 1400])(
      '%i pixels wide: nothing sticks out, and axe-core finds nothing',
      async (width) => {
        // The page's own policy forbids scripts; axe is one.
        const page = await browser.newPage({ viewport: { width, height: 900 }, bypassCSP: true });
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
