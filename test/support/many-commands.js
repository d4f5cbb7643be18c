// A process that carries out one command line of the built giemsa after another, each as `giemsa` would: starting a
// process takes longer than most commands. Output that would go to the terminal goes back with the exit status.
import { exitWith } from '../../dist/cli/exit.js';
import { createProgram } from '../../dist/cli/program.js';

let stdout = '';
let stderr = '';
process.stdout.write = (text) => {
  stdout += text;
  return true;
};
process.stderr.write = (text) => {
  stderr += text;
  return true;
};

process.on('message', async (args) => {
  [stdout, stderr] = ['', ''];
  process.exitCode = undefined;
  await exitWith(() => createProgram().parseAsync(args, { from: 'user' }));
  process.stdout.removeAllListeners('error');
  process.send({ status: process.exitCode ?? 0, stdout, stderr });
});
