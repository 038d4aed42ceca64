import { parse, validate, type DocumentNode, type GraphQLError } from 'graphql';
import { schema } from './index.ts';
import { documentTooLarge, LIMITS, limitsRule } from './limits.ts';

/** What graphql says when too many fields of the same name would have to be compared with each other. */
const GAVE_UP = 'Validation aborted.';

/** How long a query or a mutation may take. */
const EXECUTION_MS = 10_000;

/** @throws {GraphQLError} where the document is no GraphQL, or too long to look at. */
export function parseWithin(source: string): DocumentNode {
  try {
    return parse(source, { maxTokens: LIMITS.tokens });
  } catch (error) {
    // The stack may end before the tokens do, in a list within a list within a list …
    if (error instanceof RangeError) throw documentTooLarge('nests values too deeply');
    throw error;
  }
}

/** The limits come first: the other rules may take long over a document that breaks them. */
export function validateWithin(document: DocumentNode): readonly GraphQLError[] {
  const [passed] = validate(schema, document, [limitsRule], { maxErrors: 1 });
  if (passed) return [passed];
  // Guesses at names would map the schema out for whoever has no right to it.
  const errors = validate(schema, document, undefined, { hideSuggestions: true, maxErrors: 20 });
  return errors.map((error) =>
    error.message === GAVE_UP ? documentTooLarge('names the same fields too often') : error,
  );
}

export function timeLimit(signal: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(EXECUTION_MS);
  return signal ? AbortSignal.any([signal, limit]) : limit;
}
