import { present, type Input } from './memories-operations.ts';
import { startTestPicard, type TestPicard } from './picard.ts';

export interface MadeKey {
  __typename: string;
  apiKey?: {
    id: string;
    name: string;
    scopes: string[];
    faces: string[];
    expiresAt: string | null;
    lastUsedAt: string | null;
  };
  secret?: string;
  field?: string;
}

/** What any key may ask. */
export const SCOPES = '{ viewer { scopes } }';

/** A server where keys make and revoke keys: the administrator's, unless told. */
export class ApiKeyStage implements AsyncDisposable {
  readonly picard: TestPicard;

  private constructor(picard: TestPicard) {
    this.picard = picard;
  }

  static async open(): Promise<ApiKeyStage> {
    return new ApiKeyStage(await startTestPicard());
  }

  /** One that reads over GraphQL, but for what is given. */
  async create(input: Input, key?: string): Promise<MadeKey> {
    const { createApiKey } = await this.picard.data<{ createApiKey: MadeKey }>(
      `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { __typename
        ... on CreateApiKeyPayload { secret apiKey { id name scopes faces expiresAt lastUsedAt } }
        ... on InvalidInput { field } } }`,
      { input: { name: 'test', scopes: ['MEMORIES_READ'], faces: ['GRAPHQL'], ...input } },
      key,
    );
    return createApiKey;
  }

  async secretOf(input: Input, key?: string): Promise<string> {
    return present((await this.create(input, key)).secret);
  }

  /** Answers what came of it. */
  async revoke(id: string): Promise<string> {
    const { revokeApiKey } = await this.picard.data<{ revokeApiKey: { __typename: string } }>(
      'mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }',
      { id },
    );
    return revokeApiKey.__typename;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.picard[Symbol.asyncDispose]();
  }
}
