// Takes the picture of the demo's report for the README: its first screen, in Chromium.
//     npm run build && npx giemsa demo && node scripts/report-picture.mjs giemsa-demo/run/report.html
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [report = 'giemsa-demo/run/report.html'] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' });
try {
  const page = await browser.newPage({ viewport: { width: 900, height: 1000 } });
  await page.goto(pathToFileURL(resolve(report)).href);
  await page.screenshot({
    path: fileURLToPath(new URL('../docs/pictures/demo-report.png', import.meta.url)),
  });
} finally {
  await browser.close();
}
