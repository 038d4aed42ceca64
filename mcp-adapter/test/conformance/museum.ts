import { setTimeout as wait } from 'node:timers/promises';
import { EventEmitter, on } from 'node:events';
import { type ExecutionResult, buildSchema, execute, parse, subscribe } from 'graphql';
import { readFileSync } from 'node:fs';
import { compileManifest } from '../../codegen/compile-manifest.ts';
import { readFiles } from '../../codegen/run-codegen.ts';
import type { ExecutionRequest, Executor } from '../../src/executor.ts';
import { resolvers } from './resolvers.ts';

const here = new URL('./', import.meta.url);

/** An API of one of each kind of thing the protocol can carry; compiled as Picard's own operations are. */
export const museumSchema = buildSchema(readFileSync(new URL('schema.graphql', here), 'utf8'));
export const museumManifest = compileManifest(
  museumSchema,
  readFiles(new URL('operations/', here), '.graphql'),
  readFiles(new URL('prompts/', here), '.md'),
);

export interface Museum {
  executor: Executor;
  /** Tells that a visitor's exhibit has changed. */
  change(visitorId: string, exhibitId: string): void;
  /** How many streams of changes are open. */
  listeners(): number;
  /** How many calls wait for what never comes. */
  waiting(): number;
  /** How many of them were given up. */
  givenUp(): number;
}

/** The museum, executed by graphql-js as a principal. */
export function openMuseum(): Museum {
  const changes = new EventEmitter().setMaxListeners(0);
  let waiting = 0;
  let givenUp = 0;
  const rootFor = ({ principal, signal }: ExecutionRequest) => ({
    ...resolvers,
    endless: () =>
      new Promise<string>((_resolve, reject) => {
        waiting += 1;
        signal?.addEventListener('abort', () => {
          waiting -= 1;
          givenUp += 1;
          reject(new Error('given up'));
        });
      }),
    work,
    async *exhibitChanged() {
      for await (const [id] of on(changes, principal.userId, signal ? { signal } : {})) {
        yield { exhibitChanged: { id: String(id) } };
      }
    },
  });
  const asked = (request: ExecutionRequest) => ({
    schema: museumSchema,
    document: parse(request.document),
    operationName: request.operationName,
    variableValues: request.variables,
    rootValue: rootFor(request),
    ...(request.signal ? { abortSignal: request.signal } : {}),
  });
  return {
    executor: {
      execute: async (request) => execute(asked(request)),
      async *subscribe(request): AsyncGenerator<ExecutionResult> {
        const results = await subscribe(asked(request));
        if (Symbol.asyncIterator in results) yield* endedQuietly(results, request.signal);
        else yield results;
      },
    },
    change: (visitorId, exhibitId) => void changes.emit(visitorId, exhibitId),
    // `on` listens for errors too.
    listeners: () =>
      changes
        .eventNames()
        .filter((name) => name !== 'error')
        .reduce((sum, name) => sum + changes.listenerCount(name), 0),
    waiting: () => waiting,
    givenUp: () => givenUp,
  };
}

async function* work() {
  for (const [done, note] of [
    [0, 'Tool execution started'],
    [50, 'Tool processing data'],
    [100, 'Tool execution completed'],
  ] as const) {
    yield { work: { done, total: 100, note } };
    await wait(20);
  }
}

/** Whoever gives up a stream does not want to hear that it was given up. */
async function* endedQuietly(
  results: AsyncGenerator<ExecutionResult>,
  signal: AbortSignal | undefined,
): AsyncGenerator<ExecutionResult> {
  try {
    yield* results;
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
}
