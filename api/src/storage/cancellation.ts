import { AsyncLocalStorage } from 'node:async_hooks';

const signals = new AsyncLocalStorage<AbortSignal>();

/** Runs work whose statements are given up when the signal aborts: the caller has gone, or its time is up. */
export function givenUpBy<T>(signal: AbortSignal | undefined, work: () => T): T {
  return signal ? signals.run(signal, work) : work();
}

/** What gives up the statements sent from here, if anything does. */
export function givingUp(): AbortSignal | undefined {
  return signals.getStore();
}
