// npx sets the bit of a command that it links for the first time only: after another build it would be "Permission denied".
import { chmodSync } from 'node:fs';

chmodSync(new URL('../dist/cli/main.js', import.meta.url), 0o755);
