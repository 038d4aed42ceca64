import { UriTemplate } from '@modelcontextprotocol/server';
import { isRecord } from './json-schema.ts';
import type { UpdatesEntry } from './manifest.ts';
import { type Caller, requestFor } from './run-operation.ts';

/** Tells the URIs that change for one caller, event by event, until the signal aborts. */
export type FollowUpdates = (caller: Caller, signal: AbortSignal) => AsyncGenerator<readonly string[]>;

/** Stands in a URI for a value that the event does not name: whatever fits there may have changed. */
const ANY = '*';
const anyEncoded = '%2A';

/** Compiles the subscription behind resource updates; undefined where there is none, or nothing that can run it. */
export function compileUpdates(
  entry: UpdatesEntry | null,
  executor: Caller['executor'],
): FollowUpdates | undefined {
  if (!entry || !executor.subscribe) return undefined;
  const templates = entry.uris.map((uri) => new UriTemplate(uri));
  return (caller, signal) => {
    const request = { ...requestFor(entry, {}, { ...caller, signal }), continuous: true };
    const events = executor.subscribe?.(request) ?? nothing();
    return urisOf(events, entry.key, templates, caller.principal.userId);
  };
}

async function* urisOf(
  events: AsyncIterable<{ data?: unknown }>,
  key: string,
  templates: readonly UriTemplate[],
  callerId: string,
): AsyncGenerator<readonly string[]> {
  for await (const { data } of events) {
    const event = isRecord(data) ? data[key] : undefined;
    if (!isRecord(event)) continue;
    const values = Object.fromEntries(
      Object.entries(event).map(([name, value]) => [name, typeof value === 'string' ? value : ANY]),
    );
    yield templates.map((template) => template.expand({ ...values, caller_id: callerId }));
  }
}

async function* nothing(): AsyncGenerator<{ data?: unknown }> {
  // Nothing is told.
}

/**
 * Those of the URIs subscribed to that have changed. A filter after `?` narrows what is read, so its resource may have
 * changed with the whole. What a caller may not see, or is not there, never changes: both are silent alike.
 */
export function subscribedTo(subscribed: Iterable<string>, changed: readonly string[]): string[] {
  return [...subscribed].filter((uri) => changed.some((each) => fits(uri.split('?')[0] ?? uri, each)));
}

function fits(uri: string, changed: string): boolean {
  if (uri === changed) return true;
  const [steps, others] = [uri.split('/'), changed.split('/')];
  return (
    steps.length === others.length &&
    others.every((other, index) => other === steps[index] || other === ANY || other === anyEncoded)
  );
}
