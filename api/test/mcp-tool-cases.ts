import { expect } from 'vitest';
import type { Scene } from './mcp-scene.ts';
import { sharingToolCases } from './mcp-sharing-tool-cases.ts';

export interface ToolCase {
  args(scene: Scene): Record<string, unknown>;
  /** What the answer must hold. */
  answer(scene: Scene): Record<string, unknown>;
}

const edge = (memoryId: string, also: object = {}) =>
  expect.objectContaining({ node: expect.objectContaining({ memory_id: memoryId }), ...also });

/** One good call of every tool. A tool without a case fails the tests that go through the manifest. */
export const toolCases: Readonly<Record<string, ToolCase>> = {
  submit_memory: {
    args: ({ tag }) => ({
      text: 'Ada has a cat.',
      kind: 'fact',
      tags: [tag],
      expiration_date: '2099-01-01T00:00:00Z',
    }),
    answer: () => ({
      result: {
        __typename: 'SubmitMemoryPayload',
        memory: expect.objectContaining({ version: 1, expiration_date: '2099-01-01T00:00:00.000Z' }),
      },
    }),
  },
  submit_memories: {
    args: ({ tag }) => ({
      memories: [{ text: 'One.', tags: [tag] }, { text: '' }, { text: 'Two.', source_id: tag }],
    }),
    answer: () => ({
      result: expect.objectContaining({
        succeeded: 2,
        failed: 1,
        results: [
          expect.objectContaining({ __typename: 'SubmitMemoryPayload' }),
          expect.objectContaining({ code: 'INVALID_INPUT', field: expect.stringContaining('text') }),
          expect.objectContaining({ __typename: 'SubmitMemoryPayload' }),
        ],
      }),
    }),
  },
  get_memory: {
    args: ({ tea }) => ({ memory_id: tea }),
    answer: ({ tea, tag, userId }) => ({
      memory: expect.objectContaining({
        memory_id: tea,
        text: 'Ada drinks green tea.',
        tags: [tag],
        deleted_at: null,
        owner: expect.objectContaining({ user_id: userId }),
      }),
    }),
  },
  get_memories: {
    args: ({ tag, userId }) => ({
      tags: [tag],
      user_id: userId,
      kinds: ['preference'],
      order: 'created_asc',
    }),
    answer: ({ tea, train }) => ({ memories: expect.objectContaining({ edges: [edge(tea), edge(train)] }) }),
  },
  retrieve_memories: {
    args: ({ tag }) => ({ tags: [tag], deleted: true }),
    answer: ({ trashed }) => ({
      viewer: { memories: expect.objectContaining({ edges: [edge(trashed)] }) },
    }),
  },
  query_memory: {
    args: ({ tag }) => ({ prompt: 'which window seats', tags: [tag], mode: 'words', first: 5 }),
    answer: ({ train }) => ({
      matches: expect.objectContaining({
        mode: 'WORDS',
        edges: [edge(train, { words: expect.arrayContaining(['window']), score: expect.any(Number) })],
      }),
    }),
  },
  update_memory: {
    args: ({ tea }) => ({ memory_id: tea, text: 'Ada drinks black tea.', expected_version: 1 }),
    answer: ({ tea }) => ({
      result: {
        __typename: 'UpdateMemoryPayload',
        memory: expect.objectContaining({ memory_id: tea, version: 2 }),
      },
    }),
  },
  update_memories: {
    args: ({ tea, train }) => ({
      memories: [
        { memory_id: tea, kind: 'fact' },
        { memory_id: train, text: 'Ada sits by the door.', expected_version: 1 },
      ],
      atomic: true,
    }),
    answer: () => ({
      result: expect.objectContaining({ __typename: 'UpdateMemoriesPayload', succeeded: 2, failed: 0 }),
    }),
  },
  ...sharingToolCases,
  delete_memory: {
    args: ({ tea }) => ({ memory_id: tea }),
    answer: ({ tea }) => ({
      result: { __typename: 'DeleteMemoryPayload', memory_id: tea, erased_after: expect.any(String) },
    }),
  },
  delete_memories: {
    args: ({ tea, train }) => ({
      memories: [{ memory_id: tea }, { memory_id: train, expected_version: 7 }],
      // The hosts that go through these cases cannot ask the person.
      confirmed: true,
    }),
    answer: ({ train }) => ({
      result: expect.objectContaining({
        succeeded: 1,
        failed: 1,
        results: [
          expect.objectContaining({ __typename: 'DeleteMemoryPayload' }),
          expect.objectContaining({ code: 'VERSION_CONFLICT', memory_id: train, current_version: 1 }),
        ],
      }),
    }),
  },
  undelete_memory: {
    args: ({ trashed }) => ({ memory_id: trashed }),
    answer: ({ trashed }) => ({
      result: {
        __typename: 'UndeleteMemoryPayload',
        memory: expect.objectContaining({ memory_id: trashed }),
      },
    }),
  },
  who_saw: {
    args: ({ tea }) => ({ memory_id: tea }),
    // Nobody has looked yet: reads-seen.test.ts has somebody look.
    answer: ({ tea }) => ({
      memory: { memory_id: tea, seen: expect.objectContaining({ edges: [] }) },
    }),
  },
};
