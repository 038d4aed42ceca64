/** Aborts at Ctrl+C or SIGTERM, so that a command can end in good order; `dispose` gives the signals back. */
export function interrupts(): { signal: AbortSignal } & Disposable {
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  process.on('SIGINT', abort);
  process.on('SIGTERM', abort);
  return {
    signal: stop.signal,
    [Symbol.dispose]() {
      process.off('SIGINT', abort);
      process.off('SIGTERM', abort);
    },
  };
}

/** Does what must not be left half done: Ctrl+C and SIGTERM take effect when it has ended. */
export async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  let came: NodeJS.Signals | undefined;
  const keep = (signal: NodeJS.Signals): void => void (came = signal);
  // Once: whoever presses Ctrl+C again does not want to wait.
  process.once('SIGINT', keep);
  process.once('SIGTERM', keep);
  try {
    return await work();
  } finally {
    process.off('SIGINT', keep);
    process.off('SIGTERM', keep);
    // Whoever listens for it has heard it already.
    if (came && process.listenerCount(came) === 0) process.kill(process.pid, came);
  }
}
