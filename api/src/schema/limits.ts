import { GraphQLError, Kind, type ASTNode, type ASTVisitor, type ValidationContext } from 'graphql';

/** What one document may ask for. Anything larger is refused before a resolver runs. */
export const LIMITS = {
  depth: 10,
  introspectionDepth: 20,
  aliases: 30,
  directives: 30,
  tokens: 2_000,
  cost: 1_000,
} as const;

/** @param how reads on from "This document". */
export function documentTooLarge(how: string, extensions: { limit?: number } = {}): GraphQLError {
  return new GraphQLError(`This document ${how}. Ask in smaller parts.`, {
    extensions: { code: 'DOCUMENT_TOO_LARGE', ...extensions, http: { status: 400 } },
  });
}

function tooLarge(what: string, found: number, limit: number): GraphQLError {
  return documentTooLarge(`has ${what} ${found}, and ${limit} is allowed`, { limit });
}

/**
 * Depth, aliases and directives, counted with fragments spread: a fragment that is spread twice counts twice. The count
 * stops as soon as a limit is passed, so that a bomb of fragments costs no more than the limit.
 */
export function limitsRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      const error = measure(context, operation);
      if (error) context.reportError(error);
    },
  };
}

class Passed extends Error {
  readonly report: GraphQLError;
  constructor(report: GraphQLError) {
    super();
    this.report = report;
  }
}

function measure(context: ValidationContext, operation: ASTNode): GraphQLError | null {
  let aliases = 0;
  let directives = 0;
  let selections = 0;

  function count(node: ASTNode, depth: number, introspection: boolean, spread: readonly string[]): void {
    if ('directives' in node) directives += node.directives?.length ?? 0;
    if (directives > LIMITS.directives)
      throw new Passed(tooLarge('directives:', directives, LIMITS.directives));
    // Fragments that spread fragments multiply; no honest document has so many fields.
    if ((selections += 1) > LIMITS.tokens)
      throw new Passed(tooLarge('selections:', selections, LIMITS.tokens));
    if (node.kind === Kind.FIELD) {
      if (node.alias) aliases += 1;
      if (aliases > LIMITS.aliases) throw new Passed(tooLarge('aliases:', aliases, LIMITS.aliases));
      const limit = introspection ? LIMITS.introspectionDepth : LIMITS.depth;
      if (depth > limit) throw new Passed(tooLarge('a depth of', depth, limit));
    }
    if (node.kind === Kind.FRAGMENT_SPREAD) {
      const name = node.name.value;
      const fragment = context.getFragment(name);
      // A cycle is another rule's to report.
      if (fragment && !spread.includes(name)) count(fragment, depth, introspection, [...spread, name]);
    }
    if (!('selectionSet' in node) || !node.selectionSet) return;
    for (const child of node.selectionSet.selections) {
      const into = introspection || (child.kind === Kind.FIELD && child.name.value.startsWith('__'));
      count(child, child.kind === Kind.FIELD ? depth + 1 : depth, into, spread);
    }
  }

  try {
    count(operation, 0, false, []);
    return null;
  } catch (error) {
    if (error instanceof Passed) return error.report;
    throw error;
  }
}
