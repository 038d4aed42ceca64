import { parse, validate, type DocumentNode, type GraphQLError } from 'graphql';
import { schema } from './index.ts';
import { LIMITS, limitsRule } from './limits.ts';

/** How long a query or a mutation may take. */
const EXECUTION_MS = 10_000;

/** @throws {GraphQLError} where the document is no GraphQL, or too long to look at. */
export function parseWithin(source: string): DocumentNode {
  return parse(source, { maxTokens: LIMITS.tokens });
}

/** The limits come first: the other rules may take long over a document that breaks them. */
export function validateWithin(document: DocumentNode): readonly GraphQLError[] {
  const tooLarge = validate(schema, document, [limitsRule]);
  if (tooLarge.length > 0) return tooLarge;
  // Guesses at names would map the schema out for whoever has no right to it.
  return validate(schema, document, undefined, { hideSuggestions: true, maxErrors: 20 });
}

export function timeLimit(signal: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(EXECUTION_MS);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}
