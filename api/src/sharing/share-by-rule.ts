import { randomUUID } from 'node:crypto';
import type { Viewer } from '../accounts/viewer.ts';
import { lockSharingAlone } from '../index/audience-rows.ts';
import { indexPendingWords } from '../index/index-for-audiences.ts';
import type { Services } from '../services.ts';
import type { Sql } from '../storage/database.ts';
import { lockGrantees } from './apply-permissions.ts';
import { TooManyGrants } from './errors.ts';
import {
  checkedRule,
  MAX_RULES,
  WORDS_AT_ONCE,
  type Grant,
  type GivenRule,
  type GrantRule,
} from './grant.ts';
import { findGrantRow } from './grant-rows.ts';
import type { Share } from './plan-permissions.ts';
import { countCovered, countRules, findRuleGrant, insertRuleGrant, updateRuleGrant } from './rule-rows.ts';
import { checkedShares, type GivenShare } from './share-memory.ts';

/**
 * Shares the viewer's own memories that fit, today's and those to come. The same rule with the same person or group again
 * changes the level and the end of that share.
 * @returns how many memories it lets them see at present.
 * @throws {InvalidInput | GranteeNotFound | TooManyGrants}
 */
export async function shareByRule(
  services: Services,
  viewer: Viewer,
  { rule: givenRule, ...given }: GivenShare & { rule: GivenRule },
): Promise<{ grant: Grant; memoriesNow: number }> {
  const rule = checkedRule(givenRule);
  const [share] = await checkedShares(services, viewer, [given], () => 'with');
  if (!share) throw new Error('One share was given');
  return services.database.forViewer(viewer.id, async (sql) => {
    await lockGrantees(sql, [share.with]);
    await lockSharingAlone(sql, [viewer.id]);
    const id = await putRule(sql, viewer.id, rule, share);
    const grant = await findGrantRow(sql, viewer.id, id);
    if (!grant) throw new Error('The share that was just made is gone');
    await indexPendingWords(sql, services.dataKeys, WORDS_AT_ONCE);
    return { grant, memoriesNow: await countCovered(sql, viewer.id, id) };
  });
}

async function putRule(sql: Sql, ownerId: string, rule: GrantRule, share: Share): Promise<string> {
  const { level, expiresAt } = share;
  const there = await findRuleGrant(sql, ownerId, share.with.id, rule);
  if (there !== null) {
    await updateRuleGrant(sql, ownerId, there, level, expiresAt);
    return there;
  }
  if ((await countRules(sql, ownerId)) >= MAX_RULES)
    throw new TooManyGrants(
      MAX_RULES,
      'shares by rule of one account. Revoke some first, or share with a group.',
    );
  const id = randomUUID();
  await insertRuleGrant(sql, { id, ownerId, rule, audienceId: share.with.id, level, expiresAt });
  return id;
}
