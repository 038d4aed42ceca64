import type { Asker } from './sharing-asking.ts';
import type { ModelMemory } from './sharing-model.ts';

/** One way by which a memory can be read. */
export interface Path {
  name: string;
  /** What came back, as it came; a memory is shown where its word is in it, or its id. */
  ask(asker: Asker): Promise<string>;
  /** What it must show: by the rules of sharing, and what was asked. */
  due(asker: Asker, memory: ModelMemory): boolean;
  /** Whether it tells of `some` alone. */
  partial?: true;
  /** Whether the answer repeats the ids that were asked for. */
  echoes?: true;
  /** Whether what has just been let in is found only after its words are keyed. */
  keyed?: true;
  /** Whether it needs vectors, which come later. */
  embedded?: true;
}

export const listed = ({ model, person }: Asker, memory: ModelMemory): boolean =>
  model.lists(person.id, memory);
export const opened = ({ model, person }: Asker, memory: ModelMemory): boolean =>
  model.opens(person.id, memory);
export const own = ({ person }: Asker, { owner }: ModelMemory): boolean => owner === person.id;

/** As many as a page may need to hold all of them. */
export const MANY = 60;

export const everyWord = ({ memories, wordOf }: Asker): string =>
  memories.map(({ id }) => wordOf(id)).join(' ');
