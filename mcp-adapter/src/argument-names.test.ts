import { describe, expect, it } from 'vitest';
import { argumentName, inArgumentNames, withArgumentNames } from './argument-names.ts';
import { loadManifest } from './manifest.ts';

const entryOf = (name: string) => {
  const entry = loadManifest().tools.find((tool) => tool.name === name);
  if (!entry) throw new Error(`no tool ${name}`);
  return entry;
};

describe('the name of an argument', () => {
  it.each([
    ['submit_memory', 'input.expiresAt', 'expiration_date'],
    ['submit_memory', 'input.tags.3', 'tags[3]'],
    ['update_memory', 'input.sourceId', 'source_id'],
    ['query_memory', 'query', 'prompt'],
    ['get_memories', 'filter.owner', 'user_id'],
    ['get_memories', 'first', 'first'],
    ['submit_memories', 'memories', 'memories'],
    ['submit_memories', 'memories.0.expiresAt', 'memories[0].expiration_date'],
    ['update_memories', 'memories.12.id', 'memories[12].memory_id'],
    ['update_memories', 'memories.12.tags.0', 'memories[12].tags[0]'],
    ['submit_memory', 'constructor', 'constructor'],
    ['submit_memory', 'Something', 'Something'],
  ])('of %s at %s is %s', (tool, path, name) => {
    expect(argumentName(entryOf(tool), path)).toBe(name);
  });
});

describe('what is said of an argument', () => {
  it('names it as the caller did', () => {
    const told = inArgumentNames(entryOf('query_memory'), 'INVALID_INPUT', 'query must not be empty.');
    expect(told).toBe('prompt must not be empty.');
  });

  it('stays as it is where it is about something else', () => {
    const message = 'query the memory again.';
    expect(inArgumentNames(entryOf('query_memory'), 'VERSION_CONFLICT', message)).toBe(message);
  });

  it('is found wherever it is in an answer', () => {
    const error = {
      code: 'INVALID_INPUT',
      message: 'memories.1.sourceId must not be empty.',
      field: 'memories.1.sourceId',
    };
    const answer = { result: { failed: 1, results: [{ memory: { text: 'query' } }, error] } };
    expect(withArgumentNames(entryOf('submit_memories'), answer)).toEqual({
      result: {
        failed: 1,
        results: [
          { memory: { text: 'query' } },
          {
            code: 'INVALID_INPUT',
            message: 'memories[1].source_id must not be empty.',
            field: 'memories[1].source_id',
          },
        ],
      },
    });
  });
});
