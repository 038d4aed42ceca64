import { pino, type Logger } from 'pino';

/**
 * For work that is done in the process of a command: what a person should know in plain words, what went wrong with
 * all that the log has of it, and on stderr both, for stdout is the command's own.
 */
export function terminalLogger(): Logger {
  return pino({ level: 'warn', base: null }, { write: (line) => void process.stderr.write(plain(line)) });
}

/** The number that pino has for it. */
const ERROR = 50;

function plain(line: string): string {
  const { level, msg } = JSON.parse(line) as { level: number; msg?: string };
  return level < ERROR && msg !== undefined ? `${msg}\n` : line;
}
