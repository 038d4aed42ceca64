import { withImplied } from '../accounts/viewer.ts';
import type { Database } from '../storage/database.ts';
import type { ListedClients } from './listed-clients.ts';
import { touchConnectedApp } from './connected-app-rows.ts';
import { findStanding, keyIsAlive } from './owner-rows.ts';
import { reading } from './request-transaction.ts';
import type { TokenClaims } from './token-claims.ts';

export interface Judgement {
  ownerId: string;
  administrator: boolean;
  /** As granted, without those that the account may not use any longer. */
  scopes: string[];
}

const LAST_USE_MS = 60_000;

/**
 * What a verified token is worth now: null if it was revoked, its account is gone, or its app was paused or
 * disconnected. The database is asked each time, so every instance gives the same answer.
 */
export async function judgeToken(
  database: Database,
  listed: ListedClients,
  claims: TokenClaims,
): Promise<Judgement | null> {
  const clientId = claims.app ?? claims.client_id;
  const asItself = claims.sub === claims.client_id;
  const service = asItself || claims.act ? listed.service(clientId) : null;
  if (asItself && !service) return null;
  const owner = asItself && service ? { handle: service.account } : { id: claims.sub };
  return reading(database, async (sql) => {
    const { jti: id, from = null, gid: grantId = null } = claims;
    const token = { owner, clientId, id, from, grantId };
    const standing = await findStanding(sql, token);
    if (!standing || standing.revoked) return null;
    const { ownerId, administrator, app } = standing;
    if (claims.key !== undefined) {
      if (!(await keyIsAlive(sql, ownerId, claims.key))) return null;
    } else if (!service && claims.outside === undefined) {
      if (!app || app.pausedAt) return null;
      if (!app.lastUsedAt || Date.now() - app.lastUsedAt.getTime() > LAST_USE_MS)
        await touchConnectedApp(sql, ownerId, clientId);
    }
    // What was exchanged may be for a part of what the service may do, which reads where it may write.
    const served: ReadonlySet<string> | null = service && withImplied(service.scopes);
    const may = (scope: string): boolean =>
      (scope !== 'memories:admin' || administrator) && (!served || served.has(scope));
    // Whoever runs the other server does not look after this one.
    const looksAfter = administrator && claims.outside === undefined;
    return { ownerId, administrator: looksAfter, scopes: claims.scope.split(' ').filter(may) };
  });
}
