import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { link, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export class InvalidMasterKeys extends Error {
  override readonly name = 'InvalidMasterKeys';
  readonly code = 'INVALID_MASTER_KEYS';
}

/** The keys that wrap every account's data key. The highest version wraps; older ones only open. */
export interface MasterKeys {
  readonly source: 'environment' | 'file';
  /** Read anew each time: another process may have added one. */
  readonly current: number;
  /** @throws {InvalidMasterKeys} when no key of this version is configured. */
  key(version: number): Buffer;
  /**
   * Makes a new current key, where the keys are ours to make (in the file); else answers the present one. Two at once
   * would overwrite each other's key, and all that it wrapped: hold the lock of `lockMasterKeys`.
   */
  rotate(): Promise<number>;
}

/**
 * Reads the keys from the environment's text or from the file in the data folder, which is made if it is absent.
 * @param mayMake false for a database that holds wrapped keys already: a new master key could open none of them.
 */
export async function openMasterKeys(
  text: string | undefined,
  dataFolder: string,
  onNotice: (message: string) => void,
  mayMake = true,
): Promise<MasterKeys> {
  if (text) return new EnvironmentKeys(parseKeys(text, 'PICARD_MASTER_KEYS'));
  const file = join(dataFolder, 'master-keys');
  if (!mayMake && !existsSync(file)) {
    throw new InvalidMasterKeys(
      `The accounts of this database are under a master key that is not here. Bring back the file ${file}, or set ` +
        'PICARD_MASTER_KEYS to what the other instances use. Nothing was changed.',
    );
  }
  if (!existsSync(file) && (await makeFile(file, newKey(1)))) {
    onNotice(
      `A master key was made in ${file}. Whoever has that file and the database can read every memory, and without ` +
        'it nobody can: keep a copy apart from the data, or set PICARD_MASTER_KEYS.',
    );
  }
  return new FileKeys(file);
}

/** Whole or not at all, for another process may read it at once; false if that one has made it meanwhile. */
async function makeFile(file: string, text: string): Promise<boolean> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    await link(draft, file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
  await flushFolder(dirname(file));
  return true;
}

/** Without this a power cut could take back a new name, and with it the key of what the database already holds. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

type Keys = ReadonlyMap<number, Buffer>;
const newKey = (version: number): string => `${version}:${randomBytes(32).toString('base64')}`;
const newest = (keys: Keys): number => Math.max(...keys.keys());

function find(keys: Keys, version: number): Buffer {
  const key = keys.get(version);
  if (key) return key;
  throw new InvalidMasterKeys(
    `The database holds keys wrapped by master key ${version}, which is not configured. ` +
      'Bring back the file master-keys, or add that version to PICARD_MASTER_KEYS.',
  );
}

class EnvironmentKeys implements MasterKeys {
  readonly source = 'environment';
  readonly current: number;
  readonly #keys: Keys;
  constructor(keys: Keys) {
    this.#keys = keys;
    this.current = newest(keys);
  }
  key(version: number): Buffer {
    return find(this.#keys, version);
  }
  async rotate(): Promise<number> {
    return this.current;
  }
}

class FileKeys implements MasterKeys {
  readonly source = 'file';
  readonly #file: string;
  #keys: Keys;
  constructor(file: string) {
    this.#file = file;
    this.#keys = this.#read();
  }
  get current(): number {
    this.#keys = this.#read();
    return newest(this.#keys);
  }
  key(version: number): Buffer {
    // Another process may have added it.
    if (!this.#keys.has(version)) this.#keys = this.#read();
    return find(this.#keys, version);
  }
  async rotate(): Promise<number> {
    const next = this.current + 1;
    const text = `${readFileSync(this.#file, 'utf8').trim()}\n${newKey(next)}\n`;
    const draft = `${this.#file}.${randomUUID()}`;
    await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    await rename(draft, this.#file);
    await flushFolder(dirname(this.#file));
    this.#keys = this.#read();
    return next;
  }
  #read(): Keys {
    return parseKeys(readFileSync(this.#file, 'utf8'), this.#file);
  }
}

/** What the database can hold. */
const MAX_VERSION = 2_147_483_647;

/** `version:base64` of 32 bytes each, separated by commas or white space. */
function parseKeys(text: string, where: string): Keys {
  const keys = new Map<number, Buffer>();
  for (const entry of text.split(/[\s,]+/).filter(Boolean)) {
    const [, version, base64] = /^(\d+):([A-Za-z0-9+/_=-]+)$/.exec(entry) ?? [];
    const key = Buffer.from(base64 ?? '', 'base64');
    if (!version || Number(version) > MAX_VERSION || key.length !== 32) {
      throw new InvalidMasterKeys(
        `${where} must hold entries such as 1:BASE64, each with 32 random bytes (openssl rand -base64 32).`,
      );
    }
    if (keys.has(Number(version))) {
      throw new InvalidMasterKeys(
        `${where} holds two keys of version ${version}; a new key needs a new number.`,
      );
    }
    keys.set(Number(version), key);
  }
  if (keys.size === 0) throw new InvalidMasterKeys(`${where} holds no key.`);
  return keys;
}
