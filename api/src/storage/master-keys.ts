import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export class InvalidMasterKeys extends Error {
  override readonly name = 'InvalidMasterKeys';
  readonly code = 'INVALID_MASTER_KEYS';
}

/** The keys that wrap every account's data key. The highest version wraps; older ones only open. */
export interface MasterKeys {
  readonly source: 'environment' | 'file';
  readonly current: number;
  /** @throws {InvalidMasterKeys} when no key of this version is configured. */
  key(version: number): Buffer;
  /** Makes a new current key, where the keys are ours to make (in the file); else answers the present one. */
  rotate(): Promise<number>;
}

/** Reads the keys from the environment's text or from the file in the data folder, which is made if it is absent. */
export async function openMasterKeys(
  text: string | undefined,
  dataFolder: string,
  onNotice: (message: string) => void,
): Promise<MasterKeys> {
  if (text) return new EnvironmentKeys(parseKeys(text, 'PICARD_MASTER_KEYS'));
  const file = join(dataFolder, 'master-keys');
  try {
    await writeFile(file, newKey(1), { mode: 0o600, flag: 'wx', flush: true });
    onNotice(
      `A master key was made in ${file}. Whoever has that file and the database can read every memory, and without ` +
        'it nobody can: keep a copy apart from the data, or set PICARD_MASTER_KEYS.',
    );
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return new FileKeys(file);
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
    return newest(this.#keys);
  }
  key(version: number): Buffer {
    // Another process may have added it.
    if (!this.#keys.has(version)) this.#keys = this.#read();
    return find(this.#keys, version);
  }
  async rotate(): Promise<number> {
    const next = newest(this.#read()) + 1;
    const text = `${readFileSync(this.#file, 'utf8').trim()}\n${newKey(next)}\n`;
    await writeFile(`${this.#file}.new`, text, { mode: 0o600, flush: true });
    await rename(`${this.#file}.new`, this.#file);
    this.#keys = this.#read();
    return next;
  }
  #read(): Keys {
    return parseKeys(readFileSync(this.#file, 'utf8'), this.#file);
  }
}

/** `version:base64` of 32 bytes each, separated by commas or white space. */
function parseKeys(text: string, where: string): Keys {
  const keys = new Map<number, Buffer>();
  for (const entry of text.split(/[\s,]+/).filter(Boolean)) {
    const [, version, base64] = /^(\d+):([A-Za-z0-9+/_=-]+)$/.exec(entry) ?? [];
    const key = Buffer.from(base64 ?? '', 'base64');
    if (!version || key.length !== 32) {
      throw new InvalidMasterKeys(
        `${where} must hold entries such as 1:BASE64, each with 32 random bytes (openssl rand -base64 32).`,
      );
    }
    keys.set(Number(version), key);
  }
  if (keys.size === 0) throw new InvalidMasterKeys(`${where} holds no key.`);
  return keys;
}
