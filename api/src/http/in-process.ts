import type { DocumentNode } from 'graphql';
import { execute, getOperationAST } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Authenticate } from '../accounts/authenticate.ts';
import { costOf, refuseCostly } from '../schema/cost.ts';
import { parseWithin, timeLimit, validateWithin } from '../schema/document.ts';
import { publicError } from '../schema/errors.ts';
import { schema } from '../schema/index.ts';
import type { Services } from '../services.ts';
import { actingAs, type Actor } from '../storage/acting.ts';
import { givenUpBy } from '../storage/cancellation.ts';
import { actorOf } from './actor.ts';
import { createSubscribe, type Verification } from './in-process-subscribe.ts';
import { maskedResult } from './masked-result.ts';
import { requestContext } from './request-context.ts';
import type { Authenticator, Executor, Principal } from '@picard/mcp-adapter/executor';

/** Executes the adapter's operations in this process: the same rules as over HTTP, without the way there. */
export function createExecutor(services: Services, publicUrl: URL): Executor {
  const documents = new LRUCache<string, DocumentNode>({ max: 500 });

  function known(source: string): DocumentNode {
    const cached = documents.get(source);
    if (cached) return cached;
    const document = parseWithin(source);
    const [error] = validateWithin(document);
    if (error) throw error;
    documents.set(source, document);
    return document;
  }

  return {
    subscribe: createSubscribe({ services, publicUrl, known, verified }),
    async execute({ document: source, operationName, variables, principal, signal: given }) {
      const { viewer, face } = verified(principal);
      const signal = timeLimit(given);
      const contextValue = requestContext(services, viewer, face, { publicUrl, signal });
      try {
        const document = known(source);
        const operation = getOperationAST(document, operationName);
        if (operation) refuseCostly(costOf(schema, document, operation, variables));
        const result = await actingAs(actorOf(viewer, face, operation), () =>
          givenUpBy(signal, () =>
            execute({
              schema,
              document,
              operationName,
              contextValue,
              variableValues: variables,
              abortSignal: signal,
              hideSuggestions: true,
            }),
          ),
        );
        return maskedResult(result, services);
      } catch (error) {
        return { errors: [publicError(error, services.logger)] };
      }
    },
  };
}

/** The adapter carries a principal from where it was verified to where it executes; nobody else can make one. */
const verifications = new WeakMap<Principal, Verification>();

function verified(principal: Principal): Verification {
  const verification = verifications.get(principal);
  if (!verification) throw new Error('A principal came that this process has not verified');
  return verification;
}

/**
 * The adapter's view of our credentials.
 * @param named the face that the audit log shall name, where it is another than that of the credential.
 */
export function createAuthenticator(authenticate: Authenticate, named?: Actor['face']): Authenticator {
  return {
    async authenticate(token, face) {
      const viewer = await authenticate(token, face);
      if (!viewer) return null;
      const { id, scopes, faces, expiresAt } = viewer;
      const principal: Principal = { userId: id, scopes, faces, expiresAt };
      verifications.set(principal, { viewer, face: named ?? face });
      return principal;
    },
  };
}
