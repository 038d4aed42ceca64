/** A failure that the person at the terminal can mend: told in a line or two, without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
  /** Stable, in upper case; scripts go by it. */
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** How an error reads on stderr. What is ours says what to do; of anything else the stack helps only who asks. */
export function describeError(error: unknown, verbose: boolean): string {
  const { code, message } = toldError(error);
  const stack = verbose && error instanceof Error ? `${causes(error)}\n` : '';
  return `picard: ${message} [${code}]\n${stack}`;
}

function toldError(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'UNKNOWN', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  // Our own errors are classes with a code; Node's and the driver's are told by a sentence of ours around them.
  if (code && error.constructor !== Error && error.name !== 'PostgresError')
    return { code, message: error.message };
  const reason = error.message || error.name;
  return {
    code: code ?? 'UNEXPECTED',
    message: `Something went wrong: ${reason}. Run it again with --verbose to see where, and \`picard doctor\` to see why.`,
  };
}

function causes(error: Error): string {
  const stack = error.stack ?? String(error);
  return error.cause instanceof Error ? `${stack}\nCaused by: ${causes(error.cause)}` : stack;
}
