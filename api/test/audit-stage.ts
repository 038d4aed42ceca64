import type { TestPicard } from './picard.ts';

export interface Told {
  number: number;
  at: string;
  kind: string;
  accountId: string | null;
  actorId: string | null;
  apiKeyId: string | null;
  appId: string | null;
  face: string;
  operation: string | null;
  concernedId: string | null;
  subjectIds: string[];
  subjectCount: number;
  details: Record<string, string>;
}
export interface Finding {
  kind: string;
  logId: string;
  number: number;
  message: string;
}

const ENTRY = `number at kind accountId actorId apiKeyId appId face operation concernedId subjectIds subjectCount
  details { name value }`;
type Raw = Omit<Told, 'details'> & { details: { name: string; value: string }[] };
interface Connection {
  edges: { node: Raw }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}
const told = ({ edges }: Connection): Told[] =>
  edges.map(({ node }) => ({
    ...node,
    details: Object.fromEntries(node.details.map(({ name, value }) => [name, value])),
  }));

export interface Asked {
  first?: number;
  after?: string | null;
  filter?: Record<string, unknown>;
  accountId?: string;
}

/** One's own log, newest first. */
export async function activity(picard: TestPicard, key?: string, asked: Asked = {}): Promise<Told[]> {
  return told((await activityPage(picard, key, asked)).activity);
}

export async function activityPage(
  picard: TestPicard,
  key?: string,
  asked: Asked = {},
): Promise<{ activity: Connection }> {
  const { viewer } = await picard.data<{ viewer: { activity: Connection } }>(
    `query ($first: Int, $after: String, $filter: ActivityFilter) { viewer {
      activity(first: $first, after: $after, filter: $filter) {
        edges { node { ${ENTRY} } } pageInfo { hasNextPage endCursor } } } }`,
    { first: 100, ...asked },
    key,
  );
  return viewer;
}

/** The whole server's, for its administrator, newest first. */
export async function allActivity(picard: TestPicard, asked: Asked = {}): Promise<Told[]> {
  const data = await picard.data<{ activity: Connection }>(
    `query ($first: Int, $after: String, $filter: ActivityFilter, $accountId: ID) {
      activity(first: $first, after: $after, filter: $filter, accountId: $accountId) {
        edges { node { ${ENTRY} } } pageInfo { hasNextPage endCursor } } }`,
    { first: 100, ...asked },
  );
  return told(data.activity);
}

/** What an act adds to one's own log, oldest first. */
export async function added(
  picard: TestPicard,
  key: string | undefined,
  act: () => Promise<unknown>,
): Promise<Told[]> {
  const [last] = await activity(picard, key, { first: 1 });
  await act();
  const entries = await activity(picard, key);
  return entries.filter(({ number }) => number > (last?.number ?? 0)).reverse();
}

/** Every finding of a verification from beginning to end. */
export async function verify(picard: TestPicard): Promise<{ findings: Finding[]; entries: number }> {
  const findings: Finding[] = [];
  let entries = 0;
  for (let after: string | null = null; ;) {
    const { auditVerification: step }: Step = await picard.data(
      `query ($after: String) { auditVerification(after: $after) {
        findings { kind logId number message } entries next } }`,
      { after },
    );
    findings.push(...step.findings);
    entries += step.entries;
    after = step.next;
    if (after === null) return { findings, entries };
  }
}
interface Step {
  auditVerification: { findings: Finding[]; entries: number; next: string | null };
}

export const sign = (picard: TestPicard) => picard.data('mutation { signAuditCheckpoints { signed } }');

export const SUBMIT = `mutation Write($input: SubmitMemoryInput!) { submitMemory(input: $input) {
  __typename ... on SubmitMemoryPayload { memory { id version } } } }`;
export interface Submitted {
  submitMemory: { __typename: string; memory: { id: string; version: number } };
}

export async function submit(picard: TestPicard, key: string | undefined, text: string): Promise<string> {
  const { submitMemory } = await picard.data<Submitted>(SUBMIT, { input: { text } }, key);
  return submitMemory.memory.id;
}
