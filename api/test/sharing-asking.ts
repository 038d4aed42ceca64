import type { Somebody } from './groups-stage.ts';
import { mcpCall, post } from './mcp-requests.ts';
import type { TestPicard } from './picard.ts';
import type { ModelMemory, SharingModel } from './sharing-model.ts';

/** Who asks, and about what. */
export interface Asker {
  picard: TestPicard;
  person: Somebody;
  model: SharingModel;
  /** Every memory there is. */
  memories: readonly ModelMemory[];
  wordOf(id: string): string;
  /** Some of them, for paths that tell of one at a time: others each time. */
  some: readonly ModelMemory[];
}

export async function graphql({ picard, person }: Asker, query: string, variables = {}): Promise<string> {
  const { data, errors = [] } = await picard.ask(query, variables, person.key);
  // Told of a part alone, which is what of a memory its owner keeps to themselves.
  const faults = errors.filter(({ extensions }) => extensions['code'] !== 'NOT_PERMITTED');
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  return JSON.stringify(data);
}

/** A document may have so many aliases. */
export async function each(
  asker: Asker,
  memories: readonly ModelMemory[],
  field: (id: string, index: number) => string,
): Promise<string> {
  return graphql(asker, `{ ${memories.map(({ id }, index) => `m${index}: ${field(id, index)}`).join(' ')} }`);
}

export async function tool({ picard, person }: Asker, name: string, args: object): Promise<string> {
  return (await mcpCall(picard.url, '2025-11-25', person.key, name, args)).text();
}

export async function resource({ picard, person }: Asker, uri: string): Promise<string> {
  const headers = { authorization: `Bearer ${person.key}`, 'mcp-protocol-version': '2025-11-25' };
  return (await post(picard.url, 'resources/read', { uri }, headers)).text();
}

export async function rest({ picard, person }: Asker, name: string, data: object): Promise<string> {
  const response = await fetch(new URL('/api/tools', picard.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${person.key}` },
    body: JSON.stringify({ tool: name, data }),
  });
  return response.text();
}
