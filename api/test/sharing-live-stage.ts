import { randomUUID } from 'node:crypto';
import type { Sql } from '../src/storage/database.ts';
import { subscribe, type Change, type Subscriber } from './events-subscriber.ts';
import { GroupsStage, type Somebody } from './groups-stage.ts';
import { memoriesOf } from './memories-operations.ts';
import type { TestPicard } from './picard.ts';

export type Level = 'READ' | 'WRITE' | 'SHARE';

/** What a grant lets in to: one memory, or all that bear the tags. */
export type Shared = { memoryId: string } | { tags: string[] };

/** Somebody who follows what they may see; each answer is the next change that they hear. */
export interface Listener extends AsyncDisposable {
  next(): Promise<Change>;
  /** Fails if anything was told that was not read: tells of a memory of their own, and waits for that. */
  silence(): Promise<void>;
  readonly raw: string;
}

/** People who share, follow and write each other's memories. Grants are rows here, written as their owner. */
export class LiveStage {
  readonly groups: GroupsStage;
  readonly #heard: TestPicard;
  readonly #changes: TestPicard;

  /** @param changes where changes are made, and `heard` where they are heard: two instances, where there can be two. */
  constructor(heard: TestPicard, changes: TestPicard) {
    this.#heard = heard;
    this.#changes = changes;
    this.groups = new GroupsStage(changes);
  }

  people<Count extends number[]>(...count: Count): Promise<{ [Each in keyof Count]: Somebody }> {
    return this.groups.people(...count);
  }

  memories(who: Somebody) {
    return memoriesOf(this.#changes, who.key);
  }

  as<T>(who: Somebody, work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#changes.picard.services.database.forViewer(who.id, work);
  }

  async keep(who: Somebody, text: string, more: Record<string, unknown> = {}): Promise<string> {
    return (await this.memories(who).keep({ text, ...more })).id;
  }

  /** Answers the grant's id. */
  async share(
    owner: Somebody,
    shared: Shared,
    audienceId: string,
    { level = 'READ', expiresAt = null }: { level?: Level; expiresAt?: Date | null } = {},
  ): Promise<string> {
    const id = randomUUID();
    await this.as(
      owner,
      (sql) => sql`
        insert into grants (owner_id, id, memory_id, tags, audience_id, level, expires_at, granted_by)
        values (${owner.id}, ${id}, ${'memoryId' in shared ? shared.memoryId : null},
          ${'tags' in shared ? shared.tags : null}, ${audienceId}, ${level}, ${expiresAt}, ${owner.id})`,
    );
    return id;
  }

  async revoke(owner: Somebody, grantId: string): Promise<void> {
    await this.as(owner, (sql) => sql`delete from grants where owner_id = ${owner.id} and id = ${grantId}`);
  }

  async show(owner: Somebody, memoryId: string, visibility: 'PRIVATE' | 'SHARED' | 'PUBLIC'): Promise<void> {
    await this.as(
      owner,
      (sql) =>
        sql`update memories set visibility = ${visibility} where owner_id = ${owner.id} and id = ${memoryId}`,
    );
  }

  async listen(who: Somebody): Promise<Listener> {
    const fields = 'kind memoryId ownerId memory { text }';
    const subscriber: Subscriber = await subscribe(this.#heard, who.key, fields);
    const silence = async (): Promise<void> => {
      const id = await this.keep(who, 'of my own');
      const told = await subscriber.next();
      if (told.memoryId !== id) throw new Error(`Told, though nothing was to be: ${JSON.stringify(told)}`);
    };
    await silence();
    return {
      next: () => subscriber.next(),
      silence,
      get raw() {
        return subscriber.raw;
      },
      [Symbol.asyncDispose]: () => subscriber[Symbol.asyncDispose](),
    };
  }
}
