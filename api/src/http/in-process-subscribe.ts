import type { DocumentNode, ExecutionResult } from 'graphql';
import { subscribe } from 'graphql';
import type { Viewer } from '../accounts/viewer.ts';
import { publicError } from '../schema/errors.ts';
import { schema } from '../schema/index.ts';
import type { Services } from '../services.ts';
import type { Actor } from '../storage/acting.ts';
import { maskedResult } from './masked-result.ts';
import { requestContext } from './request-context.ts';
import type { ExecutionRequest, Executor, Principal } from '@picard/mcp-adapter/executor';

/** Who is calling, and where. */
export interface Verification {
  viewer: Viewer;
  face: Actor['face'];
}

export interface SubscribeOptions {
  services: Services;
  publicUrl: URL;
  /** Parses and validates a document of the adapter's. */
  known: (source: string) => DocumentNode;
  verified: (principal: Principal) => Verification;
}

/** Runs the adapter's subscriptions in this process. Whether the token is still good is the adapter's to ask. */
export function createSubscribe(options: SubscribeOptions): NonNullable<Executor['subscribe']> {
  return (request) => eventsOf(options, request);
}

async function* eventsOf(
  { services, publicUrl, known, verified }: SubscribeOptions,
  { document, operationName, variables, principal, signal }: ExecutionRequest,
): AsyncGenerator<ExecutionResult> {
  const { viewer, face } = verified(principal);
  const contextValue = requestContext(services, viewer, face, { publicUrl, signal });
  try {
    const results = await subscribe({
      schema,
      document: known(document),
      operationName,
      contextValue,
      variableValues: variables,
      hideSuggestions: true,
    });
    if (Symbol.asyncIterator in results) {
      for await (const result of results) yield maskedResult(result, services);
    } else yield maskedResult(results, services);
  } catch (error) {
    yield { errors: [publicError(error, services.logger)] };
  }
}
