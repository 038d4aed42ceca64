import { expect } from 'vitest';
import { beginPasskeySignIn } from '../src/accounts/begin-passkey-sign-in.ts';
import { signInWithPasskey } from '../src/accounts/sign-in-with-passkey.ts';
import type { Viewer } from '../src/accounts/viewer.ts';
import { anywhere, ask, register, type Person } from './accounts-people.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { SoftwareAuthenticator } from './software-authenticator.ts';

/** What the browser is asked to have made. */
interface Options {
  challenge: string;
  rp: { id: string };
  user: { id: string; name: string };
  excludeCredentials: { id: string }[];
  authenticatorSelection: Record<string, unknown>;
}
interface Added {
  __typename: string;
  message?: string;
  field?: string;
  passkey?: { id: string; name: string; lastUsedAt: string | null };
}
interface Listed {
  id: string;
  name: string;
  lastUsedAt: string | null;
}

/** A server, and what people and browsers do with passkeys there. */
export class PasskeyStage implements AsyncDisposable {
  readonly picard: TestPicard;
  readonly origin: string;

  constructor(picard: TestPicard) {
    this.picard = picard;
    this.origin = picard.picard.http.publicUrl.origin;
  }

  static async open(): Promise<PasskeyStage> {
    return new PasskeyStage(await startTestPicard());
  }

  /** Somebody who would like to have passkeys. */
  person(handle: string): Promise<Person> {
    return register(this.picard.picard.services, handle);
  }

  async begin(viewer: Viewer): Promise<Options> {
    const document = 'mutation { beginPasskey { ... on BeginPasskeyPayload { options } } }';
    const { options } = await ask<{ options: string }>(this.picard, viewer, document);
    return JSON.parse(options) as Options;
  }

  add(viewer: Viewer, response: unknown, name?: string): Promise<Added> {
    return ask<Added>(
      this.picard,
      viewer,
      `mutation ($input: AddPasskeyInput!) { addPasskey(input: $input) { __typename ... on UserError { message }
        ... on InvalidInput { field } ... on AddPasskeyPayload { passkey { id name lastUsedAt } } } }`,
      { input: { response: typeof response === 'string' ? response : JSON.stringify(response), name } },
    );
  }

  /** A passkey that the account has from now on. */
  async enrol(person: Person, name?: string): Promise<SoftwareAuthenticator> {
    const authenticator = new SoftwareAuthenticator();
    const { challenge, user } = await this.begin(person.viewer());
    const response = authenticator.create({ origin: this.origin, challenge, userHandle: user.id });
    const added = await this.add(person.viewer(), response, name);
    expect(added.passkey?.id).toBe(authenticator.id);
    return authenticator;
  }

  async list(person: Person): Promise<Listed[]> {
    const document = '{ viewer { passkeys { id name lastUsedAt } } }';
    return (await ask<{ passkeys: Listed[] }>(this.picard, person.viewer(), document)).passkeys;
  }

  /** To be signed by whoever wants in. */
  async challenge(): Promise<string> {
    const { services } = this.picard.picard;
    return (await beginPasskeySignIn(services, { origin: this.origin })).challenge;
  }

  /** Answers the handle. */
  async signIn(response: unknown): Promise<string | null> {
    const { services } = this.picard.picard;
    const account = await signInWithPasskey(services, { origin: this.origin, response }, anywhere());
    return account?.handle ?? null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.picard[Symbol.asyncDispose]();
  }
}
