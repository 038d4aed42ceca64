import { expect } from 'vitest';
import type { ToolCase } from './mcp-tool-cases.ts';

/** One good call of every tool that shares, or tells of it. */
export const sharingToolCases: Readonly<Record<string, ToolCase>> = {
  share_memory: {
    args: ({ tea, friend }) => ({ memory_id: tea, handle: friend, level: 'write' }),
    answer: ({ tea, friend }) => ({
      result: {
        __typename: 'ShareMemoryPayload',
        grant: {
          grant_id: expect.any(String),
          level: 'WRITE',
          expires_at: null,
          grantee: { __typename: 'User', user_id: expect.any(String), handle: friend },
        },
        memory: { memory_id: tea, visibility: 'SHARED' },
      },
    }),
  },
  revoke_share: {
    args: ({ train, friend }) => ({ memory_id: train, handle: friend }),
    answer: ({ train }) => ({
      result: {
        __typename: 'RevokeSharePayload',
        grant_ids: [expect.any(String)],
        memory: { memory_id: train, visibility: 'SHARED' },
      },
    }),
  },
  modify_permissions: {
    args: ({ tea, trashed, groupId, friend }) => ({
      memory_ids: [tea, trashed],
      visibility: 'shared',
      share: [{ with: { group_id: groupId } }, { with: { handle: friend }, level: 'share' }],
      confirmed: true,
    }),
    answer: ({ tea, trashed }) => ({
      result: expect.objectContaining({
        succeeded: 1,
        failed: 1,
        results: [
          expect.objectContaining({
            memory: { memory_id: tea, visibility: 'SHARED' },
            grants: [{ grant_id: expect.any(String) }, { grant_id: expect.any(String) }],
          }),
          expect.objectContaining({ code: 'MEMORY_NOT_FOUND', memory_id: trashed }),
        ],
      }),
    }),
  },
  list_groups: {
    args: () => ({ first: 5 }),
    answer: ({ groupId }) => ({
      viewer: {
        groups: expect.objectContaining({
          edges: [expect.objectContaining({ node: expect.objectContaining({ group_id: groupId }) })],
        }),
      },
    }),
  },
  who_can_see: {
    args: ({ train }) => ({ memory_id: train }),
    answer: ({ train, friend }) => ({
      memory: expect.objectContaining({
        memory_id: train,
        viewer_level: 'OWNER',
        access: expect.objectContaining({
          edges: [
            expect.objectContaining({
              node: expect.objectContaining({ level: 'OWNER', via: 'OWNER', grant: null }),
            }),
            expect.objectContaining({
              node: expect.objectContaining({
                principal: { __typename: 'User', user_id: expect.any(String), handle: friend },
                level: 'READ',
                via: 'DIRECT',
              }),
            }),
          ],
        }),
      }),
    }),
  },
};
