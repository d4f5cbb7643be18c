import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'vitest';
import { serveFolder } from './support/static-server.ts';
import { temporaryFolder } from './support/temporary.ts';

const folder = temporaryFolder();

test('the server of the browser tests closes while a client holds a connection it never used', async () => {
  const server = await serveFolder(folder);
  const client = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(client, 'connect');
  await server.close();
  client.destroy();
}, 10_000);
