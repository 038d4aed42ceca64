import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { CliError } from '../cli-error.ts';

/** Where lines of JSON go. */
export interface LineSink {
  write(value: object): Promise<void>;
  /** Everything is written, and is to be kept. */
  done(): Promise<void>;
  /** Nothing is to be kept. */
  discard(): Promise<void>;
}

/** Stdout; the lines go as fast as whoever reads them. */
export function toStdout(): LineSink {
  return {
    async write(value) {
      if (!process.stdout.write(`${JSON.stringify(value)}\n`)) await once(process.stdout, 'drain');
    },
    done: async () => undefined,
    discard: async () => undefined,
  };
}

/** A file that only its owner can read, there under its name only when it is whole. */
export async function toFile(path: string, replace: boolean): Promise<LineSink> {
  if (!replace && existsSync(path)) {
    throw new CliError(
      'FILE_EXISTS',
      `${path} is there already. Choose another name, or replace it with --force.`,
    );
  }
  const partial = `${path}.partial`;
  const stream = createWriteStream(partial, { mode: 0o600, flush: true });
  await once(stream, 'open');
  return {
    async write(value) {
      if (!stream.write(`${JSON.stringify(value)}\n`)) await once(stream, 'drain');
    },
    async done() {
      stream.end();
      await finished(stream);
      await rename(partial, path);
    },
    async discard() {
      stream.destroy();
      await rm(partial, { force: true });
    },
  };
}
