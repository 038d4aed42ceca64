import type { ExecutionResult } from 'graphql';
import { publicError } from '../schema/errors.ts';
import type { Services } from '../services.ts';

/** A result whose errors tell nothing that is not for the caller. */
export function maskedResult(result: ExecutionResult, { logger }: Pick<Services, 'logger'>): ExecutionResult {
  if (!result.errors) return result;
  return { ...result, errors: result.errors.map((error) => publicError(error, logger)) };
}
