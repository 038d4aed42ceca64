/** The longest a timer can wait; a token that outlives it is checked again when something is told. */
const LONGEST_MS = 2 ** 31 - 1;

/** Aborts at a moment, or never. Clear it when what it ends has ended by itself. */
export function abortAt(moment: Date | null): { signal: AbortSignal; end: () => void; clear: () => void } {
  const controller = new AbortController();
  const end = () => controller.abort();
  const left = moment === null ? Infinity : moment.getTime() - Date.now();
  const timer = left < LONGEST_MS ? setTimeout(end, Math.max(0, left)).unref() : undefined;
  return { signal: controller.signal, end, clear: () => clearTimeout(timer) };
}

/** The response, with a body that ends as if it were whole when the signal aborts. */
export function endedBy(response: Response, signal: AbortSignal, onEnd: () => void): Response {
  const { body } = response;
  if (!body) {
    onEnd();
    return response;
  }
  const reader = body.getReader();
  // A reader that is cancelled reads the end.
  signal.addEventListener('abort', () => void reader.cancel().catch(() => undefined), { once: true });
  const ending = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (!done) {
        controller.enqueue(value);
        return;
      }
      onEnd();
      controller.close();
    },
    async cancel(reason) {
      onEnd();
      await reader.cancel(reason);
    },
  });
  return new Response(ending, { status: response.status, headers: response.headers });
}
