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
