import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { importJWK, jwtVerify, SignJWT } from 'jose';
import { newAdapterKey, type PrivateJwk } from '../src/adapter-key.ts';
import type { ApiAddresses } from '../src/api-addresses.ts';
import { createFixtureApi, principal } from './fixture-api.ts';

/** A credential that the API knows. */
interface Credential {
  scopes: string[];
  faces: ('mcp' | 'rest')[];
}

const CLIENT = 'mcp-adapter';
const unsafe = new TextEncoder().encode('whoever asks is answered by the loopback server itself');

/** An API in another process, as far as the adapter sees it: a token endpoint, who a token is, and GraphQL. */
export async function startRemoteApi() {
  const { privateJwk, publicJwk } = await newAdapterKey();
  const api = createFixtureApi();
  const credentials = new Map<string, Credential>();
  const proofs = new Set<string>();
  const issued = new Map<string, { subject: string; scope: string }>();
  const seen = { exchanges: [] as URLSearchParams[], bearers: [] as string[], checks: 0, streams: 0 };
  const behaviour = { lifeSeconds: 300, delayMs: 0, isAway: false };
  const openStreams = new Set<ServerResponse>();

  const isGood = (token: string): boolean => credentials.has(issued.get(token)?.subject ?? '');

  async function exchange(form: URLSearchParams): Promise<{ status: number; body: object }> {
    seen.exchanges.push(form);
    const refuse = (error: string, status = 400) => ({ status, body: { error } });
    const key = await importJWK(publicJwk, 'ES256');
    const proof = await jwtVerify(form.get('client_assertion') ?? '', key, {
      audience: addresses.issuer,
      issuer: CLIENT,
      subject: CLIENT,
    }).catch(() => null);
    const jti = proof?.payload.jti;
    if (jti === undefined || proofs.has(jti)) return refuse('invalid_client', 401);
    proofs.add(jti);
    const face = { [audiences.mcp]: 'mcp', [audiences.rest]: 'rest' }[form.get('audience') ?? ''];
    if (form.get('resource') !== addresses.resource || !face) return refuse('invalid_target');
    const subject = form.get('subject_token') ?? '';
    const credential = credentials.get(subject);
    if (!credential) return refuse('invalid_grant');
    if (!credential.faces.some((each) => each === face)) return refuse('invalid_target');
    const scope = form.get('scope') ?? credential.scopes.join(' ');
    if (scope.split(' ').some((name) => name !== '' && !credential.scopes.includes(name)))
      return refuse('invalid_scope');
    const token = await new SignJWT({ act: { sub: CLIENT }, scope, jti: randomUUID() })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(principal().userId)
      .setAudience(addresses.resource)
      .sign(unsafe);
    issued.set(token, { subject, scope });
    return { status: 200, body: { access_token: token, expires_in: behaviour.lifeSeconds, scope } };
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (behaviour.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, behaviour.delayMs));
    const body = await text(req);
    const send = (status: number, value: object) =>
      void res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    if (behaviour.isAway) return send(503, { error: 'temporarily_unavailable' });
    if (req.url === '/oauth/token') {
      const { status, body: told } = await exchange(new URLSearchParams(body));
      return send(status, told);
    }
    const token = req.headers.authorization?.replace('Bearer ', '') ?? '';
    if (req.url === '/oauth/userinfo') {
      seen.checks += 1;
      return isGood(token) ? send(200, { sub: principal().userId }) : send(401, { error: 'invalid_token' });
    }
    seen.bearers.push(token);
    if (!isGood(token))
      return send(401, { errors: [{ message: 'Refused.', extensions: { code: 'UNAUTHENTICATED' } }] });
    if (req.headers.accept === 'text/event-stream') {
      seen.streams += 1;
      openStreams.add(res);
      res.on('close', () => openStreams.delete(res));
      res.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n');
      return;
    }
    const {
      query: document,
      operationName,
      variables,
    } = JSON.parse(body) as {
      query: string;
      operationName: string;
      variables: Record<string, unknown>;
    };
    send(200, await api.executor.execute({ document, operationName, variables, principal: principal() }));
  }

  const server = createServer((req, res) => void answer(req, res).catch(() => res.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const addresses: ApiAddresses = {
    issuer: 'https://picard.example',
    resource: 'https://picard.example/graphql',
    graphql: new URL('/graphql', origin),
    tokenEndpoint: new URL('/oauth/token', origin),
    userinfo: new URL('/oauth/userinfo', origin),
    health: new URL('/healthz', origin),
  };
  const audiences = { mcp: 'https://mcp.example/mcp', rest: 'https://mcp.example/api/tools' };
  const exchangeOptions: {
    api: ApiAddresses;
    clientId: string;
    key: PrivateJwk;
    audiences: typeof audiences;
  } = {
    api: addresses,
    clientId: CLIENT,
    key: privateJwk,
    audiences,
  };
  return {
    addresses,
    exchangeOptions,
    credentials,
    /** What each token was issued for. */
    issued,
    seen,
    behaviour,
    openStreams,
    tell: (data: object) =>
      openStreams.forEach((res) => res.write(`event: next\ndata: ${JSON.stringify({ data })}\n\n`)),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
