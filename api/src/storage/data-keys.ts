import { createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Database, Sql } from './database.ts';
import { seal, unseal } from './encryption.ts';
import type { MasterKeys } from './master-keys.ts';

/**
 * What an account's data key is used for; each use has a key of its own, so that none weakens another. Key objects show
 * themselves in no log, and Node prepares a plain buffer anew for every text, which took more time than opening it.
 */
export interface AccountKeys {
  text: KeyObject;
  keywords: KeyObject;
  /** The words of a memory again, for each audience that it is shared with: the server's, which any owner's words are keyed with. */
  audienceWords: KeyObject;
}

/** What the server's own data key is used for: what belongs to no account. */
export interface ServerKeys {
  oauthModels: KeyObject;
  signingKeys: KeyObject;
  cookies: KeyObject;
  /** What hosts carry between the rounds of a call that asks; any instance may get the next one. */
  requestState: KeyObject;
  /** Seeds the key that signs the ends of audit logs. */
  auditCheckpoints: KeyObject;
}

const SERVER = 'server';

/** Every account has one random data key, wrapped by a master key. Destroying it makes the account's texts unreadable. */
export class DataKeys {
  readonly #masterKeys: MasterKeys;
  readonly #opened = new LRUCache<string, AccountKeys>({ max: 10_000 });
  #server: Promise<ServerKeys> | undefined;
  #audienceWords: KeyObject | undefined;

  constructor(masterKeys: MasterKeys) {
    this.#masterKeys = masterKeys;
  }

  /** Whether anything is under a master key yet. */
  static async exist(sql: Sql): Promise<boolean> {
    const [row] = await sql<{ found: boolean }[]>`
      select exists (select from data_keys) or exists (select from server_keys) as found`;
    return row?.found ?? false;
  }

  get masterKeys(): MasterKeys {
    return this.#masterKeys;
  }

  async create(sql: Sql, ownerId: string): Promise<void> {
    // A rotation that has begun either wraps this key too, or was there before and gives its own.
    await lockMasterKeys(sql, 'shared');
    const version = this.#masterKeys.current;
    const wrapped = this.wrap(ownerId, version, randomBytes(32));
    await sql`insert into data_keys (owner_id, master_key_version, wrapped) values (${ownerId}, ${version}, ${wrapped})`;
  }

  async of(sql: Sql, ownerId: string): Promise<AccountKeys> {
    const keysOf = await this.ofAll(sql, [ownerId]);
    return keysOf(ownerId);
  }

  /** Reads at once what is not open yet. Answers the keys of each; one that the transaction may not see is an error. */
  async ofAll(sql: Sql, ownerIds: Iterable<string>): Promise<(ownerId: string) => AccountKeys> {
    const all = new Map<string, AccountKeys>();
    const closed = new Set<string>();
    for (const ownerId of ownerIds) {
      const keys = this.#opened.get(ownerId);
      if (keys) all.set(ownerId, keys);
      else closed.add(ownerId);
    }
    if (closed.size > 0) for (const [ownerId, keys] of await this.#read(sql, closed)) all.set(ownerId, keys);
    return (ownerId) => {
      const keys = all.get(ownerId);
      if (!keys) throw new Error('The account has no data key');
      return keys;
    };
  }

  async #read(sql: Sql, ownerIds: Iterable<string>): Promise<ReadonlyMap<string, AccountKeys>> {
    if (!this.#audienceWords) throw new Error('The server’s own keys are opened before any account’s');
    const read = new Map<string, AccountKeys>();
    const rows = await sql<{ ownerId: string; masterKeyVersion: number; wrapped: Buffer }[]>`
      select owner_id, master_key_version, wrapped from data_keys where owner_id = any(${[...ownerIds]}::uuid[])`;
    for (const { ownerId, masterKeyVersion, wrapped } of rows) {
      const dataKey = this.unwrap(ownerId, masterKeyVersion, wrapped);
      const keys = { ...derive(dataKey), audienceWords: this.#audienceWords };
      this.#opened.set(ownerId, keys);
      read.set(ownerId, keys);
    }
    return read;
  }

  /** The server's own keys, made when they are first asked for. */
  ofServer(database: Database): Promise<ServerKeys> {
    const opening = (this.#server ??= database.forAccounts((sql) => this.#openServer(sql)));
    // What failed once, as when the database was away, is tried again.
    opening.catch(() => (this.#server = undefined));
    return opening;
  }

  async #openServer(sql: Sql): Promise<ServerKeys> {
    await lockMasterKeys(sql, 'shared');
    const version = this.#masterKeys.current;
    await sql`
      insert into server_keys (name, master_key_version, wrapped)
      values (${SERVER}, ${version}, ${this.wrap(SERVER, version, randomBytes(32))}) on conflict (name) do nothing`;
    const [row] = await sql<{ masterKeyVersion: number; wrapped: Buffer }[]>`
      select master_key_version, wrapped from server_keys where name = ${SERVER}`;
    if (!row) throw new Error('The server has no data key');
    const key = this.unwrap(SERVER, row.masterKeyVersion, row.wrapped);
    this.#audienceWords = subkey(key, 'audience words');
    return {
      oauthModels: subkey(key, 'oauth models'),
      signingKeys: subkey(key, 'signing keys'),
      cookies: subkey(key, 'cookies'),
      requestState: subkey(key, 'request state'),
      auditCheckpoints: subkey(key, 'audit checkpoints'),
    };
  }

  /** Of an account that is gone. */
  forget(ownerId: string): void {
    this.#opened.delete(ownerId);
  }

  wrap(ownerId: string, version: number, dataKey: Buffer): Buffer {
    return seal(this.#masterKeys.key(version), dataKey, wrapContext(ownerId, version));
  }

  unwrap(ownerId: string, version: number, wrapped: Buffer): Buffer {
    return unseal(this.#masterKeys.key(version), wrapped, wrapContext(ownerId, version));
  }
}

/** Until the transaction ends: `exclusive` to make and change keys, `shared` to wrap with the current one. */
export async function lockMasterKeys(sql: Sql, mode: 'shared' | 'exclusive'): Promise<void> {
  if (mode === 'shared') await sql`select pg_advisory_xact_lock_shared(hashtext('master_keys'))`;
  else await sql`select pg_advisory_xact_lock(hashtext('master_keys'))`;
}

const wrapContext = (ownerId: string, version: number): string => `data-key|${ownerId}|${version}`;

function derive(dataKey: Buffer): Pick<AccountKeys, 'text' | 'keywords'> {
  return { text: subkey(dataKey, 'memory text'), keywords: subkey(dataKey, 'keyword index') };
}

/** HKDF-SHA-256 (RFC 5869). The data key is random, so no salt is needed. */
function subkey(dataKey: Buffer, use: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', dataKey, '', `picard ${use}`, 32)));
}
