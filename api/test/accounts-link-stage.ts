import { signInWithPassword } from '../src/accounts/sign-in-with-password.ts';
import type { Services } from '../src/services.ts';
import { anywhere } from './accounts-people.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

interface Made {
  __typename: string;
  path?: string;
  purpose?: string;
  expiresAt?: string;
}

/** The token of a link, wherever it stands in a text. */
export const tokenIn = (text: string): string => /[?]token=([\w-]{43})(?![\w-])/.exec(text)?.[1] ?? '';

/** A server whose administrator makes links. */
export class LinkStage implements AsyncDisposable {
  readonly picard: TestPicard;

  private constructor(picard: TestPicard) {
    this.picard = picard;
  }

  static async open(): Promise<LinkStage> {
    return new LinkStage(await startTestPicard());
  }

  get services(): Services {
    return this.picard.picard.services;
  }

  /** As the administrator unless told. */
  async make(handle: string, purpose?: string): Promise<Made> {
    const { createAccountLink } = await this.picard.data<{ createAccountLink: Made }>(
      `mutation ($input: CreateAccountLinkInput!) { createAccountLink(input: $input) { __typename
        ... on CreateAccountLinkPayload { path purpose expiresAt user { handle } } } }`,
      { input: { handle, purpose } },
    );
    return createAccountLink;
  }

  async tokenFor(handle: string): Promise<string> {
    return tokenIn((await this.make(handle)).path ?? '');
  }

  async signIn(handle: string, password: string): Promise<boolean> {
    return (await signInWithPassword(this.services, { handle, password }, anywhere())) !== null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.picard[Symbol.asyncDispose]();
  }
}
