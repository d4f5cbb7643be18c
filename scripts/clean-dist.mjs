// A build starts from nothing, so that a file deleted in src/ does not live on in dist/.
import { rmSync } from 'node:fs';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
