import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LoopbackApp {
  redirectUri: string;
  /** Where the app sends the browser on to, with what it was answered. */
  site: string;
  close(): void;
}

/** An app on this machine that takes the answer, and sends the browser on to its own site, as real ones do. */
export async function startLoopbackApp(): Promise<LoopbackApp> {
  const site = await listen((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Back in the app</title>');
  });
  const app = await listen((request, response) => {
    const { search } = new URL(request.url ?? '/', 'http://app');
    response.writeHead(302, { location: `${origin(site)}/done${search}` }).end();
  });
  return {
    redirectUri: `${origin(app)}/callback`,
    site: origin(site),
    close() {
      app.close();
      site.close();
    },
  };
}

async function listen(listener: RequestListener): Promise<Server> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const origin = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
