import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { CliError } from '../cli-error.ts';

const accessToken = z.object({ value: z.string(), expiresAt: z.iso.datetime() });
const login = z.object({
  account: z.object({ id: z.string(), handle: z.string() }),
  /** What the server lets it do. */
  scopes: z.array(z.string()),
  /** Good for one use. */
  refreshToken: z.string(),
  /** Kept while it lives, so that short commands need no new one each. */
  accessToken: accessToken.nullable(),
  loggedInAt: z.iso.datetime(),
  renewedAt: z.iso.datetime(),
});
const server = z.object({
  /** The issuer identifier of its authorization server (RFC 8414 section 2). */
  issuer: z.url(),
  /** As which this machine registered there. It is no secret, and stays after a logout. */
  clientId: z.string(),
  login: login.nullable(),
});
/** Servers by their names (`server-name.ts`). */
const logins = z.object({ version: z.literal(1), servers: z.record(z.string(), server) });

export type AccessToken = z.infer<typeof accessToken>;
export type Login = z.infer<typeof login>;
export type Logins = z.infer<typeof logins>;

/** Where the XDG Base Directory Specification has settings of a person; it takes absolute paths alone. */
export function loginsFile(env: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CONFIG_HOME: given } = env;
  const base = given !== undefined && isAbsolute(given) ? given : join(homedir(), '.config');
  return join(base, 'picard', 'logins.json');
}

/** @throws {CliError} LOGINS_UNREADABLE when the file is there and holds something else */
export async function readLogins(file: string): Promise<Logins> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { version: 1, servers: {} };
    throw unreadable(file, 'it cannot be opened', error);
  }
  try {
    return logins.parse(JSON.parse(text));
  } catch (error) {
    // What the parsers say may quote a token.
    throw unreadable(file, 'it holds something else, or was cut', error instanceof Error && error.name);
  }
}

/** Replaces the file whole, or not at all. Only whoever holds the lock of `change-logins.ts` calls this. */
export async function writeLogins(file: string, content: Logins): Promise<void> {
  await makeFolder(dirname(file));
  const partial = `${file}.partial`;
  await rm(partial, { force: true });
  const handle = await open(partial, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`);
    // A refresh token that the power failure after it takes away is one that the server has used up.
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, file);
}

/** The folder of the file, for this user alone. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
}

function unreadable(file: string, why: string, cause: unknown): CliError {
  return new CliError(
    'LOGINS_UNREADABLE',
    `The logins in ${file} cannot be read: ${why}. Nothing in it was changed. ` +
      'Mend it, or move it away and log in again; until then PICARD_TOKEN works without it.',
    { cause },
  );
}
