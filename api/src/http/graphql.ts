import { getOperationAST, type DocumentNode, type GraphQLError } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticate } from '../accounts/authenticate.ts';
import type { Viewer } from '../accounts/viewer.ts';
import type { Context } from '../context.ts';
import { costOf, refuseCostly } from '../schema/cost.ts';
import { publicError } from '../schema/errors.ts';
import { schema } from '../schema/index.ts';
import { parseWithin, timeLimit, validateWithin } from '../schema/document.ts';
import type { Services } from '../services.ts';
import { actingAs } from '../storage/acting.ts';
import { givenUpBy } from '../storage/cancellation.ts';
import { actorOf } from './actor.ts';
import { identify, REFUSED_CREDENTIAL } from './bearer.ts';
import type { GraphqlResource } from './graphql-resource.ts';
import { ANONYMOUS_BYTES, refuseBody, SIGNED_IN_BYTES } from './body-limit.ts';
import { requestContext } from './request-context.ts';
import { sendError } from './respond.ts';

interface ServerContext {
  viewer: Viewer | null;
  stillValid: () => Promise<boolean>;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** GraphQL over HTTP, and subscriptions over server-sent events, at `/graphql`. */
export function createGraphqlHandler(
  services: Services,
  authenticate: Authenticate,
  closing: AbortSignal,
  publicUrl: URL,
  resource: GraphqlResource,
): Handle {
  const yoga = createYoga<ServerContext, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    logging: false,
    multipart: false,
    batching: false,
    // Checked against Content-Length before: counting the stream would cost twice the rest of a small request.
    maxRequestBodySize: false,
    cors: {
      origin: '*',
      credentials: false,
      methods: ['GET', 'POST'],
      exposedHeaders: ['WWW-Authenticate', 'Retry-After'],
      maxAge: 86_400,
    },
    maskedErrors: { maskError: (error) => publicError(error, services.logger) },
    plugins: [limits(closing), challenge(resource)],
    context: ({ request: { signal }, viewer, stillValid }) =>
      requestContext(services, viewer, 'graphql', { publicUrl, signal, stillValid }),
  });

  return async (request, response) => {
    // A page of another origin must be able to read a refusal too, or it cannot tell its user to sign in again.
    response.setHeader('access-control-allow-origin', '*');
    const identity = await identify(request, authenticate, 'graphql');
    if (identity.state === 'refused') {
      return sendError(response, 401, 'UNAUTHENTICATED', REFUSED_CREDENTIAL, {
        'www-authenticate': resource.challenge(true),
      });
    }
    const viewer = identity.state === 'known' ? identity.viewer : null;
    if (viewer && !viewer.faces.has('graphql')) {
      return sendError(
        response,
        403,
        'FORBIDDEN',
        'This API key does not name the face graphql. Make one that does.',
      );
    }
    const refusal = refuseBody(request, viewer ? SIGNED_IN_BYTES : ANONYMOUS_BYTES);
    // What is left of the body is read and thrown away: a connection that is closed on it loses the answer.
    if (refusal) return sendError(response, refusal.status, refusal.code, refusal.message);
    await yoga.handle(request, response, {
      viewer,
      stillValid: identity.state === 'known' ? identity.stillValid : async () => true,
    });
  };
}

/** The executor takes more than the types say. */
function hideSuggestions(args: object): void {
  Object.assign(args, { hideSuggestions: true });
}

/** Yoga leaves these untyped. */
interface TypedArguments {
  document: DocumentNode;
  operationName: string | null | undefined;
  variableValues: Record<string, unknown> | null | undefined;
}

/** Whoever bears nothing is told where to get something. */
function challenge(resource: GraphqlResource): Plugin<Context> {
  return {
    onResponse({ response }) {
      if (response.status === 401) response.headers.set('www-authenticate', resource.challenge(false));
    },
  };
}

/** @param closing ends subscriptions, which would go on for ever; what else is in flight may end by itself. */
function limits(closing: AbortSignal): Plugin<Context> {
  return {
    onParse({ setParseFn }) {
      setParseFn(parseWithin);
    },
    onValidate({ setValidationFn }) {
      setValidationFn((_schema: unknown, document: DocumentNode) => validateWithin(document));
    },
    onExecute({ args, executeFn, setExecuteFn, extendContext, setResultAndStopExecution }) {
      hideSuggestions(args);
      const signal = timeLimit(args.contextValue.signal);
      extendContext({ signal });
      const { document, operationName, variableValues } = args as TypedArguments;
      const operation = getOperationAST(document, operationName);
      const actor = actorOf(args.contextValue.viewer, 'graphql', operation);
      setExecuteFn((given) => actingAs(actor, () => givenUpBy(signal, (): unknown => executeFn(given))));
      if (!operation) return;
      try {
        refuseCostly(costOf(schema, document, operation, variableValues ?? {}));
      } catch (error) {
        setResultAndStopExecution({ errors: [error as GraphQLError] });
      }
    },
    onSubscribe({ args, extendContext }) {
      hideSuggestions(args);
      const { signal } = args.contextValue;
      extendContext({ signal: signal ? AbortSignal.any([signal, closing]) : closing });
    },
  };
}
