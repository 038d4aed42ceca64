import { decodeJwt } from 'jose';
import { z } from 'zod';
import type { PrivateJwk } from './adapter-key.ts';
import type { ApiAddresses } from './api-addresses.ts';
import { createClientAssertion } from './client-assertion.ts';
import {
  AdapterRefused,
  ApiUnavailable,
  FaceRefused,
  ScopeRefused,
  SubjectRefused,
} from './exchange-errors.ts';
import type { Face } from './executor.ts';

/** What was sent to the adapter, and where: a token or an API key. */
export interface Subject {
  token: string;
  face: Face;
}

/** A token of the API's own that stands for a subject. */
export interface Exchanged {
  token: string;
  userId: string;
  scopes: readonly string[];
  /** When it was asked for, and when it ends, in milliseconds of this process's clock. */
  askedAt: number;
  endsAt: number;
}

/**
 * Exchanges a subject for a token with these scopes; null asks for all that it has.
 * @throws {SubjectRefused} {FaceRefused} {ScopeRefused} {ApiUnavailable} {AdapterRefused}
 */
export type Exchange = (subject: Subject, scopes: readonly string[] | null) => Promise<Exchanged>;

export interface ExchangeOptions {
  api: ApiAddresses;
  clientId: string;
  key: PrivateJwk;
  /** By what the API knows each face: the address at which this adapter serves it. */
  audiences: Readonly<Partial<Record<Face, string>>>;
}

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const TIMEOUT_MS = 10_000;

const granted = z.object({
  access_token: z.string(),
  expires_in: z.number().positive(),
  scope: z.string().default(''),
});
const refused = z.object({ error: z.string() });
/** RFC 8693 section 4.1: the token stands for `sub`, and `act` is who acts. */
const claims = z.object({ sub: z.string(), aud: z.string(), act: z.object({ sub: z.string() }) });

/** RFC 8693, asked of the API's token endpoint. */
export function createExchange({ api, clientId, key, audiences }: ExchangeOptions): Exchange {
  const prove = createClientAssertion({ clientId, key, audience: api.issuer });
  return async ({ token, face }, scopes) => {
    const askedAt = Date.now();
    const form = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: token,
      subject_token_type: ACCESS_TOKEN,
      resource: api.resource,
      audience: audiences[face] ?? '',
      ...(scopes === null ? {} : { scope: scopes.join(' ') }),
      ...(await prove()),
    });
    const { status, body } = await post(api.tokenEndpoint, form);
    const answer = granted.safeParse(body);
    if (status !== 200 || !answer.success) throw refusalOf(status, refused.safeParse(body).data?.error);
    const { access_token, expires_in, scope } = answer.data;
    return {
      token: access_token,
      userId: subjectOf(access_token, api.resource, clientId),
      scopes: scope.split(' ').filter((name) => name !== ''),
      askedAt,
      endsAt: askedAt + expires_in * 1000,
    };
  };
}

/**
 * For whom a token stands. It came from the token endpoint itself, which is trusted with everything that the adapter
 * does, so its signature would say no more than the connection does (as OpenID Connect Core 3.1.3.7, step 6).
 */
function subjectOf(token: string, resource: string, clientId: string): string {
  const { sub, aud, act } = claims.parse(decodeJwt(token));
  if (aud !== resource || act.sub !== clientId)
    throw new TypeError('The API issued a token that is for somebody else.');
  return sub;
}

async function post(url: URL, body: URLSearchParams): Promise<{ status: number; body: unknown }> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { method: 'POST', body, redirect: 'error', signal });
    return { status: response.status, body: await response.json() };
  } catch (cause) {
    throw new ApiUnavailable({ cause });
  }
}

function refusalOf(status: number, error: string | undefined): Error {
  if (error === 'invalid_grant') return new SubjectRefused();
  if (error === 'invalid_target') return new FaceRefused();
  if (error === 'invalid_scope') return new ScopeRefused();
  if (error === 'invalid_client' || error === 'unauthorized_client') return new AdapterRefused();
  if (status >= 500 || status === 429) return new ApiUnavailable();
  return new Error(`The token endpoint answered ${status}, which the exchange does not know.`);
}
