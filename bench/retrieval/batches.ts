/** Most items the server takes in one `submitMemories`. */
const mostItems = 500;

/** Most bytes of JSON in one request: below the server's body limit, with room for the document around it. */
const mostBytes = 8 * 1024 * 1024;

/** Cuts items, in order, into requests that keep to both limits. An item over the limit goes alone. */
export function* batches<T>(
  items: Iterable<T>,
  limits = { items: mostItems, bytes: mostBytes },
): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (batch.length > 0 && (batch.length === limits.items || bytes + size > limits.bytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
