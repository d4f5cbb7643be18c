// Prints the tests that were skipped, by name, and as the last line `N passed, N failed, N skipped` of vitest's JSON report.
import { readFileSync } from 'node:fs';

let report;
try {
  report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
} catch (error) {
  console.log(`No test was run: ${error.message}`);
  console.log('0 passed, 1 failed, 0 skipped');
  process.exit(1);
}
const tests = report.testResults.flatMap((file) => file.assertionResults);
const count = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length;
for (const { status, fullName } of tests) {
  if (!['passed', 'failed'].includes(status)) console.log(`${status}: ${fullName}`);
}
// A file that cannot even be loaded has no tests of its own to fail.
const broken = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.length === 0,
);
for (const { name, message } of broken) console.log(`failed to load: ${name}: ${message}`);
const passed = count('passed');
const failed = count('failed') + broken.length;
console.log(`${passed} passed, ${failed} failed, ${tests.length - passed - count('failed')} skipped`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
