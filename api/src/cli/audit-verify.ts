import { readCheckpoints, type KeptCheckpoint } from './audit-checkpoint-file.ts';
import { openDoor, type Door } from './door.ts';
import { readSettings } from './settings.ts';

const step = `query VerifyAudit($after: String) {
  auditVerification(after: $after) { findings { kind logId number message } entries logs next }
}`;
const against = `query VerifyAuditAgainst($checkpoints: [AuditCheckpointInput!]!) {
  auditAgainstCheckpoints(checkpoints: $checkpoints) { kind logId number message }
}`;
const keys = `query AuditKey($after: ID) { auditCheckpoints(after: $after) {
  checkpoints { logId number hash at signature } publicKey } }`;

interface Finding {
  kind: string;
  logId: string;
  number: number;
  message: string;
}
interface Step {
  auditVerification: { findings: Finding[]; entries: number; logs: number; next: string | null };
}
interface Newest {
  auditCheckpoints: { checkpoints: KeptCheckpoint[]; publicKey: string };
}

const BATCH = 500;
const SHOWN = 100;

/** Holds every audit log against its hashes and signatures; exit code 1 if something was changed. */
export async function verifyAudit(options: { checkpoint?: string }): Promise<void> {
  const kept = options.checkpoint === undefined ? null : await readCheckpoints(options.checkpoint);
  await using door = await openDoor(readSettings(), { administrator: true });
  const findings: Finding[] = [];
  let entries = 0;
  let logs = 0;
  for (let after: string | null = null; ;) {
    const { auditVerification: done }: Step = await door.ask(step, { after });
    findings.push(...done.findings);
    entries += done.entries;
    logs += done.logs;
    after = done.next;
    if (after === null) break;
  }
  for (let index = 0; kept && index < kept.length; index += BATCH) {
    const checkpoints = kept.slice(index, index + BATCH);
    const { auditAgainstCheckpoints: found }: { auditAgainstCheckpoints: Finding[] } = await door.ask(
      against,
      {
        checkpoints,
      },
    );
    findings.push(...found);
  }
  for (const { kind, message } of findings.slice(0, SHOWN)) process.stdout.write(`${kind}  ${message}\n`);
  if (findings.length > SHOWN)
    process.stdout.write(`… and ${count(findings.length - SHOWN, 'finding')} more\n`);
  const looked = `${count(entries, 'entry', 'entries')} in ${count(logs, 'log')}`;
  const held = kept ? ` and ${count(kept.length, 'kept checkpoint')}` : '';
  if (findings.length > 0) {
    process.stdout.write(
      `${count(findings.length, 'finding')} in ${looked}${held}. Somebody who can write to the database changed the audit ` +
        'log, or the database was restored from an older backup. The entries before the first finding of a log are as they ' +
        'were written.\n',
    );
    process.exitCode = 1;
    return;
  }
  process.stdout.write(`${looked}${held}: every one is as it was written.\n${await newest(door)}`);
}

/** The signed end that is youngest, as a line to keep. */
async function newest(door: Door): Promise<string> {
  let last: KeptCheckpoint | null = null;
  for (let after: string | null = null; ;) {
    const answer: Newest = await door.ask<Newest>(keys, { after });
    const { checkpoints } = answer.auditCheckpoints;
    for (const each of checkpoints) if (!last || each.at > last.at) last = each;
    after = checkpoints.at(-1)?.logId ?? null;
    if (checkpoints.length < BATCH) break;
  }
  if (!last) return 'Nothing is signed yet: the server signs the end of each log every minute.\n';
  return (
    `Newest checkpoint: ${JSON.stringify(last)}\n` +
    'Keep all of them elsewhere, now and then: picard audit checkpoint > checkpoints.jsonl; ' +
    'picard audit verify --checkpoint checkpoints.jsonl then finds also what was cut off or written anew as a whole.\n'
  );
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}
