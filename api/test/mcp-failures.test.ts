import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import { loadManifest } from '@picard/mcp-adapter/manifest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hosts, type Connected } from './mcp-hosts.ts';
import { setScene, type Scene } from './mcp-scene.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

const { tools } = loadManifest();
const ajv = new AjvJsonSchemaValidator();
const absent = '7b1e4c52-6d0f-4a8e-9c55-0f6a1c2d3e4f';

let picard: TestPicard;
let key: string;
let scene: Scene;
beforeAll(async () => {
  picard = await startTestPicard();
  key = await picard.account('ada');
});
afterAll(() => picard[Symbol.asyncDispose]());
beforeEach(async () => {
  scene = await setScene(picard, key);
});

const owner = <T>(work: Parameters<typeof picard.picard.services.database.asOwner<T>>[0]) =>
  picard.picard.services.database.asOwner(work);

/** Only what the caller sent, an id to report, and what to do. */
function expectMasked(told: string): void {
  expect(told).toMatch(/Correlation id: [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/);
  // A correlation id is random, and may spell a name.
  expect(told.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, '')).not.toMatch(
    /Ada|sealed|Stored data|\brelation|memory_texts|postgres|select |\.ts|node_modules|    at /i,
  );
}

describe.each(hosts)('$name, $era', ({ connect }) => {
  let client: Connected;
  beforeAll(async () => {
    client = await connect({ url: picard.url, key });
  });
  afterAll(() => client.close());

  const call = async (name: string, args: Record<string, unknown>) => {
    const { isError, content, structuredContent } = await client.callTool({ name, arguments: args });
    const [first] = content as { text: string }[];
    return { isError, text: first?.text ?? '', structuredContent };
  };

  describe('a fault of ours', () => {
    const reads: [string, (scene: Scene) => Record<string, unknown>][] = [
      ['get_memory', ({ tea }) => ({ memory_id: tea })],
      ['get_memories', ({ tag }) => ({ tags: [tag] })],
      ['query_memory', ({ tag }) => ({ prompt: 'green tea', tags: [tag] })],
      ['update_memory', ({ tea }) => ({ memory_id: tea, kind: 'FACT' })],
    ];

    test.each(reads)('%s tells nothing of a row that was changed outside', async (name, args) => {
      await owner(
        (sql) => sql`update memory_texts set sealed = '\\x01'::bytea where memory_id = ${scene.tea}`,
      );
      const { isError, text } = await call(name, args(scene));
      expect(isError).toBe(true);
      expect(text).toMatch(/^INTERNAL: /);
      expectMasked(text);
    });

    test('a resource tells nothing of it either', async () => {
      await owner(
        (sql) => sql`update memory_texts set sealed = '\\x01'::bytea where memory_id = ${scene.tea}`,
      );
      const error: unknown = await client
        .readResource({ uri: `memories://${scene.tea}` })
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: -32_603 });
      expectMasked(String(error));
    });

    describe('in the database', () => {
      beforeEach(() => owner((sql) => sql`alter table memory_texts rename to memory_texts_gone`));
      afterEach(() => owner((sql) => sql`alter table memory_texts_gone rename to memory_texts`));

      test('is masked, on reading and on writing', async () => {
        expectMasked((await call('get_memories', {})).text);
        expectMasked((await call('submit_memory', { text: 'Ada has a cat.' })).text);
      });
    });
  });

  describe('a refusal', () => {
    const refusals: [string, string, (scene: Scene) => Record<string, unknown>, string][] = [
      ['INVALID_INPUT', 'submit_memory', () => ({ text: '  ' }), 'Correct the named field'],
      [
        'INVALID_INPUT',
        'submit_memory',
        () => ({ text: 'a', expiration_date: '2001-01-01T00:00:00Z' }),
        'Correct the named field',
      ],
      [
        'MEMORY_NOT_FOUND',
        'update_memory',
        () => ({ memory_id: absent, text: 'a' }),
        'get_memories or query_memory',
      ],
      ['MEMORY_NOT_FOUND', 'delete_memory', () => ({ memory_id: absent }), 'get_memories or query_memory'],
      [
        'VERSION_CONFLICT',
        'delete_memory',
        ({ tea }) => ({ memory_id: tea, expected_version: 9 }),
        'current_version',
      ],
      [
        'BATCH_REFUSED',
        'submit_memories',
        ({ tag }) => ({ memories: [{ text: 'Kept?', tags: [tag] }, { text: '' }], atomic: true }),
        'Nothing was done',
      ],
    ];

    test.each(refusals)('%s of %s names its code and a way on', async (code, name, args, way) => {
      const { isError, text, structuredContent } = await call(name, args(scene));
      expect(isError).toBe(true);
      expect(text).toMatch(new RegExp(`^${code}: .+\\n.*${way}`));
      const schema = tools.find((tool) => tool.name === name)?.outputSchema;
      expect(ajv.getValidator({ ...schema })(structuredContent)).toMatchObject({ valid: true });
    });

    test('of an absent memory to read names its code and a way on', async () => {
      const { isError, text, structuredContent } = await call('get_memory', { memory_id: absent });
      expect([isError, structuredContent]).toEqual([true, undefined]);
      expect(text).toMatch(/^MEMORY_NOT_FOUND: .+\n.*get_memories or query_memory/);
    });

    test('of a source that was stored before leads to the memory', async () => {
      const args = { text: 'Minutes.', source: 'minutes', source_id: scene.tag };
      const first = await call('submit_memory', args);
      const { text, structuredContent } = await call('submit_memory', args);
      expect(text).toMatch(/^DUPLICATE_SOURCE: .+\n.*update_memory/);
      const stored = first.structuredContent as { result: { memory: { memory_id: string } } };
      expect(structuredContent).toMatchObject({ result: { memory_id: stored.result.memory.memory_id } });
    });

    test('of a whole batch has stored none of it', async () => {
      await call('submit_memories', {
        memories: [{ text: 'Kept?', tags: [scene.tag] }, { text: '' }],
        atomic: true,
      });
      const { text } = await call('retrieve_memories', { tags: [scene.tag] });
      expect(text).not.toContain('Kept?');
    });
  });

  test.each([
    ['submit_memory', {}, 'text'],
    ['submit_memory', { text: 7 }, 'text'],
    ['submit_memory', { text: 'a', trust: 'PERSON' }, 'trust is not known here'],
    ['submit_memory', { text: 'a', kind: 'THING' }, 'kind must be one of DOCUMENT, EVENT'],
    ['submit_memory', { text: 'a', occurred_at: 'yesterday' }, 'occurred_at'],
    ['submit_memory', { text: 'a', tags: 'one' }, 'tags'],
    ['submit_memories', { memories: [{ text: 'a', trust: 'PERSON' }] }, 'memories[0].trust'],
    ['submit_memories', { memories: [] }, 'memories'],
    ['submit_memories', { memories: Array.from({ length: 501 }, () => ({ text: 'a' })) }, 'memories'],
    ['get_memory', { memory_id: '42' }, 'memory_id'],
    ['get_memories', { first: 0 }, 'first'],
    ['get_memories', { first: 101 }, 'first'],
    ['get_memories', { after: 'nonsense' }, 'after'],
    ['get_memories', { max_tokens: 99 }, 'max_tokens'],
    ['query_memory', { prompt: '' }, 'prompt must not be empty'],
    [
      'submit_memory',
      { text: 'a', expiration_date: '2001-01-01T00:00:00Z' },
      'INVALID_INPUT: expiration_date must',
    ],
    ['submit_memory', { text: 'a', source_id: '' }, 'INVALID_INPUT: source_id must'],
    [
      'submit_memories',
      { memories: [{ text: 'a', source_id: '' }], atomic: true },
      'memories[0].source_id must',
    ],
  ])('%s with %j is told what is wrong', async (name, args, about) => {
    const before = await countOf();
    const { isError, text } = await call(name, args);
    expect(isError).toBe(true);
    expect(text).toContain(about);
    expect(text).not.toContain('Correlation id');
    expect(await countOf()).toBe(before);
  });

  const countOf = async () => {
    const { viewer } = await picard.data<{ viewer: { memories: { totalCount: number } } }>(
      '{ viewer { memories { totalCount } } }',
      {},
      key,
    );
    return viewer.memories.totalCount;
  };

  test.each(['no_such_tool', 'constructor', '__proto__', ''])('the tool %j is not there', async (name) => {
    const told = await client.callTool({ name, arguments: {} }).then(
      ({ isError, content }) => `${String(isError)} ${JSON.stringify(content)}`,
      (error: unknown) => String(error),
    );
    expect(told).toMatch(/not found|disabled|Mcp-Name/i);
    expect(told).not.toContain('    at ');
  });
});
