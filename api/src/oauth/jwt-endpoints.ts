import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Database } from '../storage/database.ts';
import type { Addresses } from './addresses.ts';
import { judgeToken } from './judge-token.ts';
import type { ListedClients } from './listed-clients.ts';
import { writing } from './request-transaction.ts';
import { deleteGrant, revokeToken } from './revoked-rows.ts';
import { lockGrant } from './single-use-rows.ts';
import type { TokenClaims } from './token-claims.ts';
import { isJwt, type VerifyToken } from './verify-token.ts';

interface Parts {
  database: Database;
  addresses: Addresses;
  listed: ListedClients;
  verify: VerifyToken;
}

/**
 * Revocation (RFC 7009) and introspection (RFC 7662) of JWT access tokens, which the library refuses as a type that it
 * does not know, after it has authenticated the client.
 */
export function answerForJwts(provider: Provider, { database, addresses, listed, verify }: Parts): void {
  provider.use(async (ctx, next) => {
    await next();
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    const refused = (ctx.body as { error?: string } | undefined)?.error === 'unsupported_token_type';
    const token: unknown = oidc?.params?.['token'];
    if (!refused || !oidc?.client || typeof token !== 'string') return;
    const claims = await verify(token, Object.values(addresses.resources));
    const own = claims?.client_id === oidc.client.clientId;
    ctx.status = 200;
    if (oidc.route === 'revocation') {
      if (claims && own) await revoke(database, claims);
      ctx.body = '';
    } else {
      const mayKnow = own || listed.has(oidc.client.clientId);
      const judgement = claims && mayKnow ? await judgeToken(database, listed, claims) : null;
      ctx.body =
        claims && judgement
          ? {
              ...claims,
              active: true,
              token_type: 'Bearer',
              iss: addresses.issuer,
              scope: judgement.scopes.join(' '),
            }
          : { active: false };
    }
  });
}

/** The library knows no JWT there either; who somebody is can be told to whoever has a good token of theirs. */
export function answerUserinfo(provider: Provider, { database, addresses, listed, verify }: Parts): void {
  provider.use(async (ctx, next) => {
    const [, token] = /^Bearer +([\w.-]+)$/i.exec(ctx.get('authorization')) ?? [];
    const asked = ctx.path === '/oauth/userinfo' && (ctx.method === 'GET' || ctx.method === 'POST');
    if (!asked || token === undefined || !isJwt(token)) return void (await next());
    const claims = await verify(token, Object.values(addresses.resources));
    const judgement = claims && (await judgeToken(database, listed, claims));
    ctx.set({ 'access-control-allow-origin': '*', 'cache-control': 'no-store' });
    ctx.status = judgement ? 200 : 401;
    ctx.body = judgement ? { sub: judgement.ownerId } : { error: 'invalid_token' };
    if (!judgement) ctx.set('www-authenticate', 'Bearer error="invalid_token"');
  });
}

/** With the token goes its grant: whoever revokes one of a family wants none of it to be used. */
async function revoke(database: Database, { jti, gid, act }: TokenClaims): Promise<void> {
  await writing(database, async (sql) => {
    await revokeToken(sql, jti);
    if (gid === undefined || act) return;
    await lockGrant(sql, gid);
    await deleteGrant(sql, gid);
  });
}
