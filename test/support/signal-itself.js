// For `node --import`: the process sends itself a signal as it writes a line to stderr, so that no slow machine is too late
// for the moment. GIEMSA_TEST_SIGNAL: {"signal": ..., "line": how the line begins, "exists": a path there must be, if any}
import { existsSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const { signal, line, exists } = JSON.parse(process.env.GIEMSA_TEST_SIGNAL);
  const write = process.stderr.write.bind(process.stderr);
  let sent = false;
  process.stderr.write = (text, ...rest) => {
    const result = write(text, ...rest);
    if (!sent && String(text).startsWith(line) && (!exists || existsSync(exists))) {
      sent = true;
      process.kill(process.pid, signal);
    }
    return result;
  };
}
