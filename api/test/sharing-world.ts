import { randomUUID } from 'node:crypto';
import type { Sql } from '../src/storage/database.ts';
import type { Somebody } from './groups-stage.ts';
import { memoriesOf, present, type Input } from './memories-operations.ts';
import type { TestPicard } from './picard.ts';
import {
  SharingModel,
  type End,
  type ModelGrant,
  type ModelMemory,
  type Rule,
  type Visibility,
} from './sharing-model.ts';
import { SharingStage, type Shared } from './sharing-stage.ts';
import { newWord } from './sharing-words.ts';

/** What the model need not know of a memory: how an answer is seen to hold it. */
export interface Told {
  /** In its text, and in no other one. */
  word: string;
  /** Earlier words of it, which only its owner may still read. */
  former: string[];
}

const FUTURE = new Date('2999-01-01T00:00:00Z');
const PAST = new Date('2001-01-01T00:00:00Z');
const instant = (end: End): Date | null => ({ never: null, later: FUTURE, over: PAST })[end];

/** People, groups, memories and grants on a real server, and the model of them: every change is made to both. */
export class SharingWorld {
  readonly model = new SharingModel();
  readonly people: Somebody[] = [];
  readonly told = new Map<string, Told>();
  /** Words of what went with its owner. */
  readonly lost: string[] = [];
  readonly picard: TestPicard;
  readonly stage: SharingStage;

  constructor(picard: TestPicard) {
    this.picard = picard;
    this.stage = new SharingStage(picard);
  }

  sql<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.picard.picard.services.database.asOwner(work);
  }

  async addPerson(): Promise<void> {
    const person = await this.stage.somebody(`p-${randomUUID().slice(0, 18)}`);
    this.people.push(person);
    this.model.people.add(person.id);
  }

  /** Of an owner who may not leave; that is nobody of the world. */
  async addGroup(members: readonly string[]): Promise<void> {
    const id = await this.stage.settled(
      ...this.people
        .filter((person) => members.includes(person.id))
        .map((person) => [person, 'owner'] as const),
    );
    this.model.groups.set(id, new Set(members));
  }

  async submit(owner: string, given: Omit<ModelMemory, 'id' | 'owner'>[]): Promise<void> {
    const words = given.map(() => newWord());
    const { results } = await this.#memories(owner).submitAll(
      given.map((memory, index) => {
        const word = present(words[index]);
        return {
          text: text(word),
          tags: [...memory.tags, `only-${word}`],
          kind: memory.kind,
          source: memory.source,
          thread: memory.thread,
          trust: 'IMPORT',
          visibility: memory.visibility,
          expiresAt: instant(memory.expiry)?.toISOString() ?? null,
        };
      }),
      true,
    );
    for (const [index, result] of present(results).entries()) {
      const { id } = present(result.memory);
      const memory = present(given[index]);
      this.model.memories.set(id, { ...memory, id, owner, trashed: false });
      this.told.set(id, { word: present(words[index]), former: [] });
      if (memory.trashed) await this.trash(id);
    }
  }

  async show(id: string, visibility: Visibility, by: 'update' | 'permissions' = 'update'): Promise<void> {
    const memory = this.memory(id);
    if (memory.visibility === visibility || memory.trashed) return;
    if (by === 'update') await this.#update(memory, { visibility });
    else await this.#share(memory.owner, 'modifyPermissions', { memoryIds: [id], visibility });
    memory.visibility = visibility;
  }

  async describe(
    id: string,
    change: Pick<Partial<ModelMemory>, 'tags' | 'kind' | 'source' | 'thread'>,
  ): Promise<void> {
    const memory = this.memory(id);
    if (memory.trashed) return;
    const tags = change.tags && { tags: [...change.tags, `only-${this.wordOf(id)}`] };
    await this.#update(memory, { ...change, ...tags });
    Object.assign(memory, change);
  }

  /** By its owner, or whoever else may write it. */
  async rewrite(id: string, by: string): Promise<void> {
    const memory = this.memory(id);
    if (memory.trashed) return;
    const told = present(this.told.get(id));
    const word = newWord();
    expectPayload(await this.#memories(by).update({ id, text: text(word) }));
    // The tag, which is the owner's.
    await this.#update(memory, { tags: [...memory.tags, `only-${word}`] });
    told.former.push(told.word);
    told.word = word;
  }

  /** A change that changes for nobody what they may do. */
  async touch(id: string): Promise<void> {
    this.#touches += 1;
    await this.#update(this.memory(id), { occurredAt: new Date(this.#touches * 1_000).toISOString() });
  }
  #touches = 0;

  async trash(id: string): Promise<void> {
    const memory = this.memory(id);
    expectPayload(await this.#memories(memory.owner).delete({ id }));
    memory.trashed = true;
  }

  async undelete(id: string): Promise<void> {
    const memory = this.memory(id);
    expectPayload(await this.#memories(memory.owner).undelete(id));
    memory.trashed = false;
  }

  /** As if time had gone by, or its owner thought otherwise. */
  async expire(id: string, expiry: End): Promise<void> {
    await this.sql((sql) => sql`update memories set expires_at = ${instant(expiry)} where id = ${id}`);
    this.memory(id).expiry = expiry;
  }

  /** On a memory that is in no trash. Again with the same it is the same grant. */
  async grant({ ...grant }: ModelGrant): Promise<string> {
    const { on, by, level } = grant;
    const input = { with: this.#grantee(grant.to), level, expiresAt: grant.end === 'never' ? null : FUTURE };
    const { id } =
      'memory' in on
        ? (await this.#share(by, 'shareMemory', { memoryId: on.memory, ...input })).grant
        : (await this.#share(by, 'shareByRule', { rule: withoutUnset(on.rule), ...input })).grant;
    this.model.grants.set(id, grant);
    if (grant.end === 'over') await this.endGrant(id);
    return id;
  }

  #grantee(to: string): Input {
    return this.model.groups.has(to) ? { groupId: to } : { userId: to };
  }

  async #share(by: string, mutation: string, input: Input): Promise<Shared> {
    const shared = await this.stage.shares(this.person(by), mutation, input);
    for (const each of [shared, ...(shared.results ?? [])])
      if (each.code !== undefined) throw new Error(`${mutation} came to ${each.code}: ${each.message ?? ''}`);
    return shared;
  }

  /** As if time had gone by. */
  async endGrant(id: string): Promise<void> {
    await this.sql((sql) => sql`update grants set expires_at = ${PAST} where id = ${id}`);
    present(this.model.grants.get(id)).end = 'over';
  }

  /** By who gave it, or by the owner of the memory. */
  async revoke(id: string, as: 'by' | 'owner' = 'by'): Promise<void> {
    await this.#share(present(this.model.grants.get(id))[as], 'revokeShare', { grantId: id });
    this.model.grants.delete(id);
  }

  /** Everything that lets them in to the one memory directly, by its owner. */
  async revokeFrom(memory: string, to: string): Promise<void> {
    const ended = [...this.model.grants].filter(
      ([, grant]) => 'memory' in grant.on && grant.on.memory === memory && grant.to === to,
    );
    if (ended.length === 0 || this.memory(memory).trashed) return;
    await this.#share(this.memory(memory).owner, 'revokeShare', {
      memoryId: memory,
      from: this.#grantee(to),
    });
    for (const [id] of ended) this.model.grants.delete(id);
  }

  /** Leaves nothing for the next world to see. */
  async clear(): Promise<void> {
    const ids = this.people.map(({ id }) => id);
    await this.sql(async (sql) => {
      await sql`delete from groups where id = any(${[...this.model.groups.keys()]}::uuid[])`;
      await sql`delete from users where id = any(${ids}::uuid[])`;
    });
  }

  memory(id: string): ModelMemory {
    return present(this.model.memories.get(id));
  }
  person(id: string): Somebody {
    return present(this.people.find((person) => person.id === id));
  }
  membersOf(group: string): Set<string> {
    return present(this.model.groups.get(group));
  }
  wordOf(id: string): string {
    return present(this.told.get(id)).word;
  }

  #memories(owner: string) {
    return memoriesOf(this.picard, this.person(owner).key);
  }

  async #update({ id, owner }: ModelMemory, change: Input): Promise<void> {
    expectPayload(await this.#memories(owner).update({ id, ...change }));
  }
}

/** Alike but for one word, so that each is found by what it shares with all and by what it has alone. */
const text = (word: string): string => `The harbour master wrote ${word} into the book of tides`;

const withoutUnset = (rule: Rule): Input => Object.fromEntries(Object.entries(rule));

/** @throws {Error} for a named error */
export function expectPayload(came: { __typename: string; message?: string }): void {
  if (!came.__typename.endsWith('Payload')) throw new Error(`${came.__typename}: ${came.message ?? ''}`);
}
