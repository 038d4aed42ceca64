import { CHECKPOINT_FILE, type KeptCheckpoint } from './audit-checkpoint-file.ts';
import { openDoor } from './door.ts';
import { readSettings } from './settings.ts';

const signing = `mutation SignAudit { signAuditCheckpoints { signed } }`;
const document = `query AuditCheckpoints($after: ID) { auditCheckpoints(after: $after) {
  checkpoints { logId number hash at signature } publicKey } }`;
interface Answer {
  auditCheckpoints: { checkpoints: KeptCheckpoint[]; publicKey: string };
}

const PAGE = 500;

/** Signs the end of every audit log and prints all of them, in JSON Lines, to be kept elsewhere. */
export async function printCheckpoints(): Promise<void> {
  await using door = await openDoor(readSettings(), { administrator: true });
  await door.ask(signing);
  let after: string | null = null;
  for (let first = true; ; first = false) {
    const answer: Answer = await door.ask<Answer>(document, { after });
    const { checkpoints, publicKey } = answer.auditCheckpoints;
    if (first)
      process.stdout.write(`${JSON.stringify({ picard: CHECKPOINT_FILE, version: 1, publicKey })}\n`);
    for (const checkpoint of checkpoints) process.stdout.write(`${JSON.stringify(checkpoint)}\n`);
    after = checkpoints.at(-1)?.logId ?? null;
    if (checkpoints.length < PAGE) return;
  }
}
