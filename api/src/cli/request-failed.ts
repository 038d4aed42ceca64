import type { GraphQLFormattedError } from 'graphql';

/** Codes of failures that pass by themselves: the same request may succeed a little later. */
const passing = new Set(['UNAVAILABLE', 'RATE_LIMITED', 'ABORTED']);

/** The API answered with an error; its code and its words are the API's own. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  readonly code: string;
  constructor({ message, extensions }: Pick<GraphQLFormattedError, 'message' | 'extensions'>) {
    super(message);
    const code = extensions?.['code'];
    this.code = typeof code === 'string' ? code : 'REQUEST_REFUSED';
  }

  get passing(): boolean {
    return passing.has(this.code);
  }

  /** The credential, not the request, is at fault: nothing else that is asked will fare better. */
  get ofCredential(): boolean {
    return this.code === 'UNAUTHENTICATED' || this.code === 'FORBIDDEN';
  }
}
