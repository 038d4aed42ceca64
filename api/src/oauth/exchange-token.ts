import { errors, type Provider, type TokenEndpointGrantContext } from 'oidc-provider';
import type { Authenticate } from '../accounts/authenticate.ts';
import type { Viewer } from '../accounts/viewer.ts';
import type { Addresses } from './addresses.ts';
import { TOKEN_EXCHANGE, type ListedClients } from './listed-clients.ts';
import { resourceScope } from './scopes.ts';
import { addClaims } from './token-claims.ts';

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
 * RFC 8693 for the MCP adapter in a process of its own: what a host sent it for `/mcp`, a token or an API key, becomes a
 * token for `/graphql` with the same scopes or fewer, for minutes, that ends when the grant or the key does.
 * @param authenticate takes what `/mcp` takes
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
    const subject = await subjectOf(params, authenticate);
    const target = params.resource ?? params.audience ?? addresses.resources.graphql;
    if (target !== addresses.resources.graphql) throw new errors.InvalidTarget();
    const scope = narrowed(params.scope, subject);
    const { credential } = subject;
    addClaims(ctx, {
      act: { sub: client.clientId },
      auth_time: subject.authenticatedAt ? subject.authenticatedAt.getTime() / 1000 : undefined,
      ...(credential.kind === 'key' ? { key: credential.id } : { app: credential.clientId }),
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

async function subjectOf(params: ExchangeParameters, authenticate: Authenticate): Promise<Viewer> {
  if (params.subject_token_type !== ACCESS_TOKEN || typeof params.subject_token !== 'string')
    throw new errors.InvalidRequest(`subject_token must be given, of the type ${ACCESS_TOKEN}`);
  const subject = await authenticate(params.subject_token, 'mcp');
  if (!subject?.faces.has('mcp')) throw new errors.InvalidGrant('the subject token is not good for MCP');
  return subject;
}

function narrowed(asked: string | undefined, subject: Viewer): string {
  const held: ReadonlySet<string> = subject.scopes;
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
