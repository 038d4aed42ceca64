import type { DocumentNode, ExecutionResult } from 'graphql';
import { subscribe } from 'graphql';
import type { Viewer } from '../accounts/viewer.ts';
import { publicError } from '../schema/errors.ts';
import { schema } from '../schema/index.ts';
import type { Services } from '../services.ts';
import { maskedResult } from './masked-result.ts';
import { requestContext } from './request-context.ts';
import type { ExecutionRequest, Executor, Principal } from '@picard/mcp-adapter/executor';

export interface SubscribeOptions {
  services: Services;
  publicUrl: URL;
  /** Parses and validates a document of the adapter's. */
  known: (source: string) => DocumentNode;
  toViewer: (principal: Principal) => Viewer;
}

/** Runs the adapter's subscriptions in this process. Whether the token is still good is the adapter's to ask. */
export function createSubscribe(options: SubscribeOptions): NonNullable<Executor['subscribe']> {
  return (request) => eventsOf(options, request);
}

async function* eventsOf(
  { services, publicUrl, known, toViewer }: SubscribeOptions,
  { document, operationName, variables, principal, signal }: ExecutionRequest,
): AsyncGenerator<ExecutionResult> {
  const viewer = toViewer(principal);
  const contextValue = requestContext(services, viewer, { publicUrl, signal });
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
