/**
 * The rules of sharing once more, as plainly as they can be told: everything is looked through whenever somebody asks.
 * It knows nothing of how Picard keeps or finds any of it.
 */
export type Visibility = 'PRIVATE' | 'SHARED' | 'PUBLIC';
export type Level = 'READ' | 'WRITE' | 'SHARE';
/** Ends lie far off or are over: no test waits for one. */
export type End = 'never' | 'later' | 'over';

export interface Rule {
  /** All of these. */
  tags?: string[];
  /** Any of these. */
  kinds?: string[];
  sources?: string[];
  thread?: string;
}

export interface ModelMemory {
  id: string;
  owner: string;
  tags: string[];
  kind: string;
  source: string | null;
  thread: string | null;
  visibility: Visibility;
  expiry: End;
  trashed: boolean;
}

export interface ModelGrant {
  owner: string;
  /** The owner, or whoever passes on. */
  by: string;
  on: { memory: string } | { rule: Rule };
  /** A person or a group. */
  to: string;
  level: Level;
  end: End;
}

export class SharingModel {
  readonly people = new Set<string>();
  readonly groups = new Map<string, Set<string>>();
  readonly memories = new Map<string, ModelMemory>();
  readonly grants = new Map<string, ModelGrant>();

  /** Whether they see it in lists and searches that ask for nothing special. */
  lists(person: string, memory: ModelMemory): boolean {
    return this.opens(person, memory) && !memory.trashed && memory.expiry !== 'over';
  }

  /** Whether they may open it by its id: the owner also from the trash, and when its time is over. */
  opens(person: string, memory: ModelMemory): boolean {
    if (memory.owner === person) return true;
    return (
      !memory.trashed &&
      memory.expiry !== 'over' &&
      this.#levels(person, memory).length + (isPublic(memory) ? 1 : 0) > 0
    );
  }

  /** What they may do with it; null where they may not see it. */
  level(person: string, memory: ModelMemory): Level | 'OWNER' | null {
    if (memory.owner === person) return 'OWNER';
    if (!this.opens(person, memory)) return null;
    const levels = this.#levels(person, memory);
    return (['SHARE', 'WRITE'] as const).find((level) => levels.includes(level)) ?? 'READ';
  }

  /** The grants by which it is seen, of those that a person is told of: the owner of all. */
  reasons(person: string, memory: ModelMemory): string[] {
    return this.#holding(memory)
      .filter(([, { to, by }]) => memory.owner === person || by === person || this.#isIn(person, to))
      .map(([id]) => id);
  }

  #levels(person: string, memory: ModelMemory): Level[] {
    return this.#holding(memory)
      .filter(([, { to }]) => this.#isIn(person, to))
      .map(([, { level }]) => level);
  }

  #isIn(person: string, audience: string): boolean {
    return audience === person || this.groups.get(audience)?.has(person) === true;
  }

  #holding(memory: ModelMemory): [string, ModelGrant][] {
    if (memory.visibility === 'PRIVATE') return [];
    return [...this.grants].filter(
      ([, grant]) =>
        fits(grant, memory) && (grant.by === grant.owner || this.#maySharePassed(grant.by, memory)),
    );
  }

  /** What was passed on falls with the passer's own SHARE, which only the owner gives. */
  #maySharePassed(person: string, memory: ModelMemory): boolean {
    return [...this.grants.values()].some(
      (grant) =>
        fits(grant, memory) &&
        grant.by === grant.owner &&
        grant.level === 'SHARE' &&
        this.#isIn(person, grant.to),
    );
  }

  /** With their memories, what they granted and what they were granted. */
  removePerson(person: string): void {
    this.people.delete(person);
    for (const members of this.groups.values()) members.delete(person);
    for (const [id, { owner }] of this.memories) if (owner === person) this.memories.delete(id);
    for (const [id, { owner, by, to }] of this.grants)
      if ([owner, by, to].includes(person)) this.grants.delete(id);
  }

  removeGroup(group: string): void {
    this.groups.delete(group);
    for (const [id, { to }] of this.grants) if (to === group) this.grants.delete(id);
  }
}

const isPublic = ({ visibility }: ModelMemory): boolean => visibility === 'PUBLIC';

function fits({ owner, on, end }: ModelGrant, memory: ModelMemory): boolean {
  if (owner !== memory.owner || end === 'over') return false;
  if ('memory' in on) return on.memory === memory.id;
  const { tags, kinds, sources, thread } = on.rule;
  return (
    (tags === undefined || tags.every((tag) => memory.tags.includes(tag))) &&
    (kinds === undefined || kinds.includes(memory.kind)) &&
    (sources === undefined || (memory.source !== null && sources.includes(memory.source))) &&
    (thread === undefined || thread === memory.thread)
  );
}
