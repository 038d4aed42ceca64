import { keyCredential } from '../src/cli/credential.ts';
import { openDoorTo } from '../src/cli/door.ts';
import { writeExport } from '../src/cli/export/export.ts';
import type { LineSink } from '../src/cli/export/line-file.ts';
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

/** The lines of `picard export` with everything that it can hold. */
export async function exported({ picard, person }: Asker): Promise<string> {
  await using door = await openDoorTo(picard.url, keyCredential('PICARD_TOKEN', person.key));
  const lines: string[] = [];
  const sink: LineSink = {
    write: async (value) => void lines.push(JSON.stringify(value)),
    done: async () => undefined,
    discard: async () => undefined,
  };
  const all = { history: true, trash: true, shared: true };
  await writeExport(door, sink, all, new AbortController().signal);
  return lines.join('\n');
}

/** The ids of every memory that MCP lists as a resource. */
export async function listedResources({ picard, person }: Asker): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await mcp<{ resources: { uri: string }[]; nextCursor?: string }>(
      picard,
      person,
      'resources/list',
      cursor === undefined ? {} : { cursor },
    );
    ids.push(...page.resources.flatMap(({ uri }) => /^memories:\/\/([\da-f-]{36})$/.exec(uri)?.[1] ?? []));
    if (page.nextCursor === undefined) return ids;
    cursor = page.nextCursor;
  }
}

export async function completedTags({ picard, person }: Asker, value: string): Promise<string> {
  const ref = { type: 'ref/prompt', name: 'remember_this' };
  const answer = await mcp<object>(picard, person, 'completion/complete', {
    ref,
    argument: { name: 'tag', value },
  });
  return JSON.stringify(answer);
}

async function mcp<Result>(
  picard: TestPicard,
  person: Somebody,
  method: string,
  params: object,
): Promise<Result> {
  const headers = { authorization: `Bearer ${person.key}`, 'mcp-protocol-version': '2025-11-25' };
  const answer = await (await post(picard.url, method, params, headers)).text();
  const { result, error } = JSON.parse(/^data: (.+)$/m.exec(answer)?.[1] ?? answer) as {
    result?: Result;
    error?: object;
  };
  if (!result) throw new Error(`${method} was refused: ${JSON.stringify(error)}`);
  return result;
}

export async function rest({ picard, person }: Asker, name: string, data: object): Promise<string> {
  const response = await fetch(new URL('/api/tools', picard.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${person.key}` },
    body: JSON.stringify({ tool: name, data }),
  });
  return response.text();
}
