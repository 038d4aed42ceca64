import { describe, expect, it } from 'vitest';
import { SessionStore } from './sessions.ts';

function storeOf(limits: { total?: number; perUser?: number; idleMs?: number } = {}) {
  const clock = { now: 0 };
  const closed: string[] = [];
  const store = new SessionStore({ total: 10, perUser: 10, idleMs: 100, ...limits }, () => clock.now);
  const add = (id: string, userId: string) =>
    store.add(id, { userId, close: () => Promise.resolve(void closed.push(id)) });
  return { store, clock, closed, add };
}

describe('SessionStore', () => {
  it('answers a session to its user only', () => {
    const { store, add } = storeOf();
    add('s', 'ada');
    expect(store.use('s', 'ada')).toMatchObject({ userId: 'ada' });
    expect(store.use('s', 'bob')).toBeUndefined();
    expect(store.use('t', 'ada')).toBeUndefined();
  });

  it('ends a session that was idle too long, and keeps one in use', () => {
    const { store, clock, closed, add } = storeOf();
    add('idle', 'ada');
    add('busy', 'ada');
    clock.now = 60;
    store.use('busy', 'ada');
    clock.now = 120;
    expect(store.use('idle', 'ada')).toBeUndefined();
    expect(store.use('busy', 'ada')).toBeDefined();
    expect(closed).toEqual(['idle']);
  });

  it('ends the one unused longest when there are too many', () => {
    const { store, closed, add } = storeOf({ total: 2 });
    add('a', 'ada');
    add('b', 'bob');
    store.use('a', 'ada');
    add('c', 'cyd');
    expect(closed).toEqual(['b']);
    expect(store.size).toBe(2);
  });

  it("lets one user's sessions push out none but their own", () => {
    const { store, closed, add } = storeOf({ perUser: 1 });
    add('bob', 'bob');
    add('ada 1', 'ada');
    add('ada 2', 'ada');
    expect(closed).toEqual(['ada 1']);
    expect(store.use('bob', 'bob')).toBeDefined();
  });

  it('closes all', async () => {
    const { store, closed, add } = storeOf();
    add('a', 'ada');
    add('b', 'bob');
    await store.closeAll();
    expect(closed).toEqual(['a', 'b']);
    expect(store.size).toBe(0);
  });
});
