import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JWK } from 'oidc-provider';
import type { Services } from '../services.ts';
import { unseal } from '../storage/encryption.ts';
import { renewSigningKey, signingKeyContext } from './rotate-signing-key.ts';
import { listSigningKeys, type SigningKeyRow } from './signing-key-rows.ts';

interface SigningKey {
  id: string;
  signsFrom: Date;
  privateJwk: JWK;
  publicKey: KeyObject;
}

/** How soon an instance learns of a key that was made, long before it signs, or dropped, which is refused from then on. */
const LOOK_EVERY_MS = 1_000;
/** A token may name any key: those of unknown ones wait for one look together, which comes this long after the last. */
const LOOK_AGAIN_MS = 1_000;

type Keys = Pick<Services, 'database' | 'dataKeys' | 'logger'>;

/** The keys that sign tokens, the same on every instance. */
export class SigningKeys {
  readonly #services: Keys;
  #keys: SigningKey[] = [];
  #lookedAt = 0;
  #nextLook: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor(services: Keys) {
    this.#services = services;
  }

  static async open(services: Keys): Promise<SigningKeys> {
    const keys = new SigningKeys(services);
    await renewSigningKey(services);
    await keys.load();
    keys.#timer = setInterval(() => {
      keys
        .load()
        .catch(() => services.logger.warn('The signing keys could not be read; the known ones stay'));
    }, LOOK_EVERY_MS).unref();
    return keys;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** The key that signs now comes first: the library takes the first that fits. */
  get privateJwks(): JWK[] {
    const now = new Date();
    const signing = this.#keys.find(({ signsFrom }) => signsFrom <= now);
    const others = this.#keys.filter((key) => key !== signing);
    return [...(signing ? [signing] : []), ...others].map(({ privateJwk }) => privateJwk);
  }

  /** The public half of a key, which another instance may have made just now. */
  async find(id: string): Promise<KeyObject | null> {
    const known = (): KeyObject | null => this.#keys.find((key) => key.id === id)?.publicKey ?? null;
    if (!known()) await (this.#nextLook ??= this.#lookAgain());
    return known();
  }

  async #lookAgain(): Promise<void> {
    try {
      await sleep(Math.max(0, this.#lookedAt + LOOK_AGAIN_MS - Date.now()), undefined, { ref: false });
      await this.load();
    } finally {
      this.#nextLook = undefined;
    }
  }

  async load(): Promise<void> {
    this.#lookedAt = Date.now();
    const { signingKeys } = await this.#services.dataKeys.ofServer(this.#services.database);
    const rows = await this.#services.database.forAccounts((sql) => listSigningKeys(sql));
    this.#keys = rows.map((row) => this.#keys.find((key) => key.id === row.id) ?? openKey(signingKeys, row));
  }
}

function openKey(sealingKey: KeyObject, { id, sealed, signsFrom }: SigningKeyRow): SigningKey {
  const privateJwk = JSON.parse(unseal(sealingKey, sealed, signingKeyContext(id)).toString()) as JWK;
  return {
    id,
    signsFrom,
    privateJwk,
    publicKey: createPublicKey({ key: privateJwk as JsonWebKey, format: 'jwk' }),
  };
}
