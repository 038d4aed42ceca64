import { startTestPicard, type TestOptions, type TestPicard } from './picard.ts';

export interface Managed {
  id: string;
  handle: string;
  state: string;
  administrator: boolean;
  memoryCount: number;
  storageBytes: number;
  groupCount: number;
  appCount: number;
  apiKeyCount: number;
  lastSignInAt: string | null;
  lastActiveAt: string | null;
}

export interface Result {
  __typename: string;
  code?: string;
  message?: string;
  [field: string]: unknown;
}

export const MANAGED =
  'id handle state administrator memoryCount storageBytes groupCount appCount apiKeyCount lastSignInAt lastActiveAt';

/** A server and what its administrator does with it. */
export class AdminStage implements AsyncDisposable {
  readonly picard: TestPicard;

  constructor(picard: TestPicard) {
    this.picard = picard;
  }

  static async open(options: TestOptions = {}): Promise<AdminStage> {
    return new AdminStage(await startTestPicard(options));
  }

  async person(handle: string): Promise<{ id: string; key: string; handle: string }> {
    const key = await this.picard.account(handle);
    return { id: await this.idOf(key), key, handle };
  }

  async idOf(key: string): Promise<string> {
    const { viewer } = await this.picard.data<{ viewer: { user: { id: string } } }>(
      '{ viewer { user { id } } }',
      {},
      key,
    );
    return viewer.user.id;
  }

  async users(args = '', key = this.picard.key): Promise<Managed[]> {
    const { administration } = await this.picard.data<{
      administration: { users: { edges: { node: Managed }[] } };
    }>(`{ administration { users${args} { edges { node { ${MANAGED} } } } } }`, {}, key);
    return administration.users.edges.map(({ node }) => node);
  }

  async user(id: string): Promise<Managed | null> {
    const { administration } = await this.picard.data<{ administration: { user: Managed | null } }>(
      `query ($id: ID!) { administration { user(id: $id) { ${MANAGED} } } }`,
      { id },
    );
    return administration.user;
  }

  /** A mutation whose input type bears its name; as the administrator unless told. */
  async change(field: string, input: object, fields = '', key = this.picard.key): Promise<Result> {
    const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
    const data = await this.picard.data<Record<string, Result>>(
      `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ... on UserError { code message } ${fields} } }`,
      { input },
      key,
    );
    return data[field] as Result;
  }

  /** What a whole request is refused with; null where it is not. */
  async refusal(query: string, key: string, variables = {}): Promise<unknown> {
    const { errors } = await this.picard.ask(query, variables, key);
    return errors?.[0]?.extensions['code'] ?? null;
  }

  async submit(key: string, text: string): Promise<Result> {
    return this.change('submitMemory', { text }, '... on SubmitMemoryPayload { memory { id } }', key);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.picard[Symbol.asyncDispose]();
  }
}

/** Waits for what a test says must come within a second, and asks once when it is over. */
export const aSecond = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_000));
