import { AsyncLocalStorage } from 'node:async_hooks';

/** Who acts, and through what: written into the audit log by the database, in the transaction of the act. */
export interface Actor {
  /** Null before it is known who it is. */
  readonly account: string | null;
  /** An API key by its id, or an access token by the id of its app. */
  readonly credential?: 'key' | 'token';
  readonly credentialId?: string;
  /** `page` is a page of ours that a person has open; `oauth` is an app at the authorization server. */
  readonly face: 'graphql' | 'mcp' | 'rest' | 'cli' | 'page' | 'oauth';
  /** The name of the GraphQL operation, if it has one. */
  readonly operation?: string | undefined;
}

const actors = new AsyncLocalStorage<Actor>();

/** Runs work whose acts are this actor's. */
export function actingAs<T>(actor: Actor, work: () => T): T {
  return actors.run(actor, work);
}

/** Names come from callers and may be of any length; the database refuses NUL, which no name needs. */
const LONGEST = 500;
const short = (name: string | undefined): string | undefined =>
  name?.replaceAll(/\p{Cc}/gu, '').slice(0, LONGEST);

/** The setting that `append_audit()` reads, with the quote that SQL wants; nothing where nobody is known to act. */
export function actorSetting(): string {
  const actor = actors.getStore();
  if (!actor) return '';
  const { credentialId, operation } = actor;
  const json = JSON.stringify({ ...actor, credentialId: short(credentialId), operation: short(operation) });
  // A backslash means itself in a literal: standard_conforming_strings is on, as it is unless told.
  return `; set local picard.actor = '${json.replaceAll("'", "''")}'`;
}
