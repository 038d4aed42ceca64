/**
 * Shared between the threads: raised while a text is with the worker. Native code that runs when its thread is
 * torn down aborts the whole process, so that whoever ends the process must first see the flag lowered.
 */
export class InFlightFlag {
  readonly memory: SharedArrayBuffer;
  readonly #word: Int32Array<SharedArrayBuffer>;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#word = new Int32Array(memory);
  }

  raise(): void {
    Atomics.store(this.#word, 0, 1);
  }

  lower(): void {
    Atomics.store(this.#word, 0, 0);
    Atomics.notify(this.#word, 0);
  }

  /** Blocks the calling thread until the flag is lowered, or `timeoutMs` have passed. */
  waitUntilLowered(timeoutMs: number): void {
    Atomics.wait(this.#word, 0, 1, timeoutMs);
  }
}
