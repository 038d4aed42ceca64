import type { Door } from '../door.ts';
import type { ExportedGrant } from '../export/export-format.ts';
import type { Tally } from './tally.ts';

export type NumberedShare = ExportedGrant & { line: number };

const ofMemory = `mutation ImportShare($input: ShareMemoryInput!) {
  made: shareMemory(input: $input) { __typename ... on UserError { code message } }
}`;
const byRule = `mutation ImportRule($input: ShareByRuleInput!) {
  made: shareByRule(input: $input) { __typename ... on UserError { code message } }
}`;

interface Answer {
  made: { code?: string; message?: string };
}

/**
 * Shares again what an export says was shared, by people's handles and groups' ids; made twice, a share is the same one.
 * @param came what each memory of the export is here
 */
export async function makeShares(
  door: Door,
  shares: readonly NumberedShare[],
  came: ReadonlyMap<string, string>,
  tally: Tally,
  stop: AbortSignal,
): Promise<void> {
  for (const { line, memoryId, rule, with: grantee, level, expiresAt } of shares) {
    if (stop.aborted) return;
    if (expiresAt !== null && Date.parse(expiresAt) <= Date.now()) continue;
    const id = memoryId ? came.get(memoryId) : undefined;
    if (!rule && id === undefined) {
      await tally.fail({
        line,
        code: 'MEMORY_NOT_FOUND',
        reason: 'the memory that was shared did not come in.',
      });
      continue;
    }
    const to = 'handle' in grantee ? { handle: grantee.handle } : { groupId: grantee.groupId };
    const input = { ...(rule ? { rule: given(rule) } : { memoryId: id }), with: to, level, expiresAt };
    const { made } = await door.ask<Answer>(rule ? byRule : ofMemory, { input });
    if (made.code === undefined) tally.shared += 1;
    else await tally.fail({ line, code: made.code, reason: made.message ?? 'refused.' });
  }
}

/** What a rule does not narrow is told as an empty list, and is asked for by its absence. */
function given(rule: NonNullable<ExportedGrant['rule']>): object {
  return Object.fromEntries(
    Object.entries(rule).filter(
      ([, value]) => value !== null && (typeof value === 'string' || value.length > 0),
    ),
  );
}
