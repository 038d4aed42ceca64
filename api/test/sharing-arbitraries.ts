import fc from 'fast-check';
import type { End, Level, ModelMemory, Rule, Visibility } from './sharing-model.ts';

export const PEOPLE = 6;
const GROUPS = 3;
const MEMORIES = 20;

const nth = fc.nat({ max: 99 });
const often = <Value>(usual: Value, ...others: Value[]) =>
  fc.oneof(
    { arbitrary: fc.constant(usual), weight: 3 },
    { arbitrary: fc.constantFrom(...others), weight: 2 },
  );
const tags = fc.uniqueArray(fc.constantFrom('red', 'green', 'blue'), { maxLength: 2 });
const kind = fc.constantFrom('NOTE', 'FACT');
const source = fc.constantFrom('diary', 'letters', null);
const thread = fc.constantFrom('tides', 'winds', null);
const visibility: fc.Arbitrary<Visibility> = often<Visibility>('SHARED', 'PRIVATE', 'PUBLIC');
const end: fc.Arbitrary<End> = often<End>('never', 'later', 'over');
const level: fc.Arbitrary<Level> = fc.constantFrom('READ', 'WRITE', 'SHARE');
const memory: fc.Arbitrary<Omit<ModelMemory, 'id' | 'owner'>> = fc.record({
  tags,
  kind,
  source,
  thread,
  visibility,
  expiry: often<End>('never', 'later', 'over'),
  trashed: often(false, false, true),
});
const rule: fc.Arbitrary<Rule> = fc
  .record(
    {
      tags: fc.uniqueArray(fc.constantFrom('red', 'green', 'blue'), { minLength: 1, maxLength: 2 }),
      kinds: fc.uniqueArray(kind, { minLength: 1 }),
      sources: fc.uniqueArray(fc.constantFrom('diary', 'letters'), { minLength: 1 }),
      thread: fc.constantFrom('tides', 'winds'),
    },
    { requiredKeys: [] },
  )
  .filter((conditions) => Object.keys(conditions).length > 0);

/** Everything is named by its place among what there is; what makes no sense in a world is passed over there. */
const step = {
  share: fc.record({ do: fc.constant('share' as const), memory: nth, to: nth, level, end }),
  shareByRule: fc.record({ do: fc.constant('shareByRule' as const), owner: nth, rule, to: nth, level, end }),
  passOn: fc.record({
    do: fc.constant('passOn' as const),
    by: nth,
    memory: nth,
    to: nth,
    level: fc.constantFrom<Level>('READ', 'WRITE'),
  }),
  revoke: fc.record({ do: fc.constant('revoke' as const), grant: nth, as: fc.constantFrom('by', 'owner') }),
  revokeFrom: fc.record({ do: fc.constant('revokeFrom' as const), grant: nth }),
  endGrant: fc.record({ do: fc.constant('endGrant' as const), grant: nth }),
  show: fc.record({
    do: fc.constant('show' as const),
    memory: nth,
    visibility,
    by: fc.constantFrom('update', 'permissions'),
  }),
  describe: fc.record({
    do: fc.constant('describe' as const),
    memory: nth,
    change: fc.record({ tags, kind, source, thread }, { requiredKeys: [] }),
  }),
  rewrite: fc.record({ do: fc.constant('rewrite' as const), memory: nth, by: nth }),
  trash: fc.record({ do: fc.constant('trash' as const), memory: nth }),
  undelete: fc.record({ do: fc.constant('undelete' as const), memory: nth }),
  expire: fc.record({ do: fc.constant('expire' as const), memory: nth, expiry: end }),
  submit: fc.record({ do: fc.constant('submit' as const), owner: nth, memory }),
  join: fc.record({ do: fc.constant('join' as const), group: nth, person: nth }),
  leave: fc.record({ do: fc.constant('leave' as const), group: nth, person: nth }),
  removeGroup: fc.record({ do: fc.constant('removeGroup' as const), group: nth }),
  removePerson: fc.record({ do: fc.constant('removePerson' as const), person: nth }),
};

export type Step =
  (typeof step)[keyof typeof step] extends fc.Arbitrary<unknown>
    ? {
        [Kind in keyof typeof step]: (typeof step)[Kind] extends fc.Arbitrary<infer Value> ? Value : never;
      }[keyof typeof step]
    : never;

const sharing: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: step.share, weight: 4 },
  { arbitrary: step.shareByRule, weight: 4 },
  { arbitrary: step.passOn, weight: 4 },
);
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: sharing, weight: 9 },
  { arbitrary: step.revoke, weight: 4 },
  { arbitrary: step.revokeFrom, weight: 2 },
  { arbitrary: step.endGrant, weight: 2 },
  { arbitrary: step.show, weight: 4 },
  { arbitrary: step.describe, weight: 4 },
  { arbitrary: step.rewrite, weight: 2 },
  { arbitrary: step.trash, weight: 2 },
  { arbitrary: step.undelete, weight: 3 },
  { arbitrary: step.expire, weight: 2 },
  { arbitrary: step.submit, weight: 2 },
  { arbitrary: step.join, weight: 3 },
  { arbitrary: step.leave, weight: 3 },
  { arbitrary: step.removeGroup, weight: 1 },
  { arbitrary: step.removePerson, weight: 1 },
);

export const anyWorld = fc.record({
  memories: fc.array(memory, { minLength: MEMORIES, maxLength: MEMORIES }),
  members: fc.array(fc.uniqueArray(fc.nat({ max: PEOPLE - 1 }), { minLength: 1, maxLength: 4 }), {
    minLength: GROUPS,
    maxLength: GROUPS,
  }),
  steps: fc.array(sharing, { minLength: 14, maxLength: 14 }),
});
export type WorldSeed = typeof anyWorld extends fc.Arbitrary<infer Value> ? Value : never;
