import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { encodeCBOR } from '@levischuck/tiny-cbor';

/** Flags of authenticator data (Web Authentication Level 3, section 6.1). */
const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;

export interface Answering {
  /** The page that asks. */
  origin: string;
  challenge: string;
  /** Whether the person unlocked it; true unless told. */
  verified?: boolean;
  /** What it says its counter is; one more each time unless told. */
  counter?: number;
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();
const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'base64url'));

/** A passkey without a device: one ES256 key, kept in memory, that answers as a browser hands answers on. */
export class SoftwareAuthenticator {
  readonly id = base64url(randomBytes(16));
  readonly #publicKey: KeyObject;
  readonly #privateKey: KeyObject;
  #counter = 0;
  #userHandle = '';

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#publicKey = publicKey;
    this.#privateKey = privateKey;
  }

  /** RegistrationResponseJSON, with attestation of the format `none`. */
  create({ userHandle = '', ...asked }: Answering & { userHandle?: string }) {
    this.#userHandle = userHandle;
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const attested = Buffer.concat([Buffer.alloc(16), length, id, this.#coseKey()]);
    const authData = Uint8Array.from(this.#authenticatorData(asked, ATTESTED, attested));
    const attestation = new Map<string, string | Map<never, never> | Uint8Array<ArrayBuffer>>([
      ['fmt', 'none'],
      ['attStmt', new Map<never, never>()],
      ['authData', authData],
    ]);
    return this.#credential({
      clientDataJSON: clientData('webauthn.create', asked),
      attestationObject: base64url(encodeCBOR(attestation)),
      transports: ['internal', 'hybrid'],
    });
  }

  /** AuthenticationResponseJSON. */
  get(asked: Answering) {
    const authData = this.#authenticatorData(asked, 0);
    const clientDataJSON = clientData('webauthn.get', asked);
    const signed = Buffer.concat([authData, sha256(Buffer.from(clientDataJSON, 'base64url'))]);
    return this.#credential({
      clientDataJSON,
      authenticatorData: base64url(authData),
      signature: base64url(sign('sha256', signed, this.#privateKey)),
      ...(this.#userHandle && { userHandle: this.#userHandle }),
    });
  }

  #credential<Response>(response: Response) {
    return {
      id: this.id,
      rawId: this.id,
      type: 'public-key' as const,
      authenticatorAttachment: 'platform' as const,
      clientExtensionResults: { credProps: { rk: true } },
      response,
    };
  }

  #authenticatorData(
    { origin, verified = true, counter }: Answering,
    flags: number,
    rest = Buffer.alloc(0),
  ): Buffer {
    this.#counter = counter ?? this.#counter + 1;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.#counter);
    const all = PRESENT | (verified ? VERIFIED : 0) | flags;
    return Buffer.concat([sha256(new URL(origin).hostname), Buffer.from([all]), count, rest]);
  }

  /** RFC 9052 section 7: kty EC2, alg ES256, crv P-256, x, y. */
  #coseKey(): Uint8Array {
    const { x = '', y = '' } = this.#publicKey.export({ format: 'jwk' });
    return encodeCBOR(
      new Map<number, number | Uint8Array<ArrayBuffer>>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, bytes(x)],
        [-3, bytes(y)],
      ]),
    );
  }
}

function clientData(type: string, { origin, challenge }: Answering): string {
  return base64url(Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })));
}
