import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Starts a worker; `ask` sends a request and waits for the reply. */
export function startWorker(command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (data) => {
    errors = (errors + data).slice(-4000);
  });
  const replies = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await replies.next();
      if (done) throw new Error(`${command} ${args.join(' ')} ended without a reply:\n${errors}`);
      return JSON.parse(value);
    },
    close() {
      child.stdin.end();
    },
  };
}
