import { once } from 'node:events';
import { createServer, request } from 'node:http';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { startPicard } from '../start-picard.mjs';

/**
 * What was asked, and how it was answered.
 * @typedef {{ method: string, path: string, status: number, revision: string | undefined, body: string }} Asked
 */

/** Starts a Picard whose public address is a proxy on loopback that writes down what is asked. */
export async function startWatchedPicard() {
  /** @type {Asked[]} */
  const asked = [];
  /** @type {URL} */
  let target;
  const proxy = createServer((incoming, outgoing) => {
    const { method = '', url = '/', headers } = incoming;
    const body = text(incoming).catch(() => '');
    const forwarded = request(new URL(url, target), { method, headers }, (answer) => {
      const status = answer.statusCode ?? 502;
      outgoing.writeHead(status, answer.rawHeaders);
      answer.pipe(outgoing);
      // Before the host has its answer, so that whoever waits for the host finds it here.
      const path = url.split('?')[0] ?? '';
      const entry = { method, path, status, revision: headers['mcp-protocol-version'], body: '' };
      asked.push(entry);
      void body.then((sent) => (entry.body = sent));
    });
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const url = new URL(`http://localhost:${proxy.address().port}`);
  process.env['PICARD_PUBLIC_URL'] = url.href;
  const { url: address, key, stop } = await startPicard();
  target = address;
  return {
    url,
    mcp: new URL('/mcp', url).href,
    key,
    asked,
    async stop() {
      proxy.closeAllConnections();
      proxy.close();
      await stop();
    },
  };
}
