import { errors, type Provider, type TokenEndpointGrantContext } from 'oidc-provider';
import type { Authenticate } from '../accounts/authenticate.ts';
import type { Face, Scope, Viewer } from '../accounts/viewer.ts';
import type { Addresses } from './addresses.ts';
import { TOKEN_EXCHANGE, type ListedClients } from './listed-clients.ts';
import { offeredAt, resourceScope } from './scopes.ts';
import { addClaims, type TokenClaims } from './token-claims.ts';

const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const LONGEST_SECONDS = 300;

interface ExchangeParameters {
  [name: string]: unknown;
  subject_token?: string;
  subject_token_type?: string;
  resource?: string;
  audience?: string;
  scope?: string;
}
type Context = TokenEndpointGrantContext<ExchangeParameters>;

/**
 * RFC 8693 for the MCP adapter in a process of its own: what it was sent, a token or an API key, becomes a token for
 * `/graphql` with the same scopes or fewer, for minutes, that ends when the grant or the key does. `resource` is where
 * the new token is to be shown, `audience` the service it is for: the adapter's `/mcp` (unless told) or `/api/tools`.
 * Errors: `invalid_grant` for what neither service takes, `invalid_target` for a key that does not name this one.
 * @param authenticate takes what each face takes
 */
export function registerTokenExchange(
  provider: Provider,
  addresses: Addresses,
  listed: ListedClients,
  authenticate: Authenticate,
): void {
  const exchange = async (ctx: Context): Promise<void> => {
    const { client, params } = ctx.oidc;
    if (!listed.mayExchange(client.clientId)) throw new errors.UnauthorizedClient();
    const target = params.resource ?? addresses.resources.graphql;
    const face = faceOf(params.audience ?? addresses.resources.mcp, addresses);
    if (target !== addresses.resources.graphql || !face) throw new errors.InvalidTarget();
    const subject = await subjectOf(params, face, authenticate);
    const scope = narrowed(params.scope, subject, offeredAt(addresses, addresses.resources.mcp));
    const { credential } = subject;
    addClaims(ctx, {
      act: { sub: client.clientId },
      face,
      auth_time: subject.authenticatedAt ? subject.authenticatedAt.getTime() / 1000 : undefined,
      ...originOf(credential, listed),
    });
    const token = new provider.AccessToken({
      accountId: subject.id,
      client,
      grantId: credential.kind === 'token' ? credential.grantId : '',
      gty: 'token_exchange',
      scope,
      expiresIn: lifeOf(subject),
      resourceServer: new provider.ResourceServer(target, {
        scope: resourceScope,
        audience: target,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    });
    ctx.body = {
      access_token: await token.save(),
      issued_token_type: ACCESS_TOKEN,
      token_type: 'Bearer',
      expires_in: token.expiration,
      scope,
    };
  };
  const names = [
    'subject_token',
    'subject_token_type',
    'resource',
    'audience',
    'scope',
    'requested_token_type',
  ];
  provider.registerGrantType<ExchangeParameters>(TOKEN_EXCHANGE, exchange, names);
}

/** For which face the adapter asks, by the address at which it serves it. */
function faceOf(audience: string, { resources, tools }: Addresses): Face | undefined {
  if (audience === resources.mcp) return 'mcp';
  return audience === tools ? 'rest' : undefined;
}

async function subjectOf(
  params: ExchangeParameters,
  face: Face,
  authenticate: Authenticate,
): Promise<Viewer> {
  if (params.subject_token_type !== ACCESS_TOKEN || typeof params.subject_token !== 'string')
    throw new errors.InvalidRequest(`subject_token must be given, of the type ${ACCESS_TOKEN}`);
  const subject = await authenticate(params.subject_token, face);
  if (!subject) throw new errors.InvalidGrant('the subject token is not good there');
  if (!subject.faces.has(face)) throw new errors.InvalidTarget('the subject token does not name this face');
  return subject;
}

/** With what the new token ends: the key, or the app and the token itself; an outside issuer's has neither here. */
function originOf(credential: Viewer['credential'], listed: ListedClients): Partial<TokenClaims> {
  if (credential.kind === 'key') return { key: credential.id };
  const { clientId, grantId, id } = credential;
  if (grantId === '' && !listed.service(clientId)) return { outside: clientId };
  return { app: clientId, from: id };
}

/** @param offered what the adapter's tools can use: it gets no more, whatever a key holds beside it */
function narrowed(asked: string | undefined, subject: Viewer, offered: readonly Scope[]): string {
  const held: ReadonlySet<string> = new Set(offered.filter((scope) => subject.scopes.has(scope)));
  const scopes = asked?.split(' ') ?? [...held];
  const more = scopes.find((scope) => !held.has(scope));
  if (more !== undefined) throw new errors.InvalidScope('the subject token does not hold this scope', more);
  return scopes.join(' ');
}

function lifeOf({ expiresAt }: Viewer): number {
  const left = expiresAt ? Math.floor((expiresAt.getTime() - Date.now()) / 1000) : LONGEST_SECONDS;
  if (left < 1) throw new errors.InvalidGrant('the subject token has ended');
  return Math.min(LONGEST_SECONDS, left);
}
