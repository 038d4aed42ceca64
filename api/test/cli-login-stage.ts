import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { registerAccount } from '../src/accounts/register-account.ts';
import type { Login, Logins } from '../src/cli/login/logins-file.ts';
import { createCli, ended, parseLines, settingsOf, type Cli, type Ended } from './cli-process.ts';
import { startTestPicard, type TestPicard } from './picard.ts';
import { PlainBrowser } from './plain-browser.ts';

const PASSWORD = 'a quiet morning in may';

/** Somebody with an account, a browser, and a command line of their own. */
export class LoginStage implements AsyncDisposable {
  readonly picard: TestPicard;
  readonly #clis: Cli[] = [];

  private constructor(picard: TestPicard) {
    this.picard = picard;
  }

  static async open(): Promise<LoginStage> {
    return new LoginStage(await startTestPicard());
  }

  /** By what the command line knows the server. */
  get name(): string {
    return this.picard.picard.http.publicUrl.origin;
  }

  /** Answers the account's id. */
  async person(handle: string): Promise<string> {
    const from = { address: '192.0.2.1' };
    const { account } = await registerAccount(
      this.picard.picard.services,
      { handle, password: PASSWORD },
      from,
    );
    return account.id;
  }

  async cli(env: NodeJS.ProcessEnv = {}): Promise<Cli> {
    const cli = await createCli({ ...settingsOf(this.picard.database), ...env });
    this.#clis.push(cli);
    return cli;
  }

  /** `picard login`, and the person who allows it in a browser. */
  async login(cli: Cli, handle: string, args: string[] = [], access?: 'read'): Promise<Ended> {
    const child = cli.start('login', ...args);
    const end = ended(child);
    await this.decide(await codeOf(child), handle, access ?? 'as asked');
    return end;
  }

  /** Enters the code that the command line shows; refuses, or signs in and allows. */
  async decide(code: string, handle: string, decision: 'as asked' | 'read' | 'refuse'): Promise<void> {
    const browser = new PlainBrowser(this.picard.picard.http.publicUrl);
    const confirm = await browser.press(await browser.open('/device'), 'Go on', { user_code: code });
    expect(confirm.text).toContain('Picard CLI on ');
    if (decision === 'refuse') return void (await browser.press(confirm, 'Refuse'));
    const signIn = await browser.press(confirm, 'My device shows it');
    const consent = await browser.press(signIn, 'Sign in', { handle, password: PASSWORD });
    const done = await browser.press(consent, 'Allow', decision === 'read' ? { access: 'read' } : {});
    expect(done.title).toBe('Connected – Picard');
  }

  /** The login that is kept. */
  async kept(cli: Cli): Promise<{ clientId: string; login: Login }> {
    const { clientId, login } = (await readKept(cli)).servers[this.name] ?? {};
    if (!clientId || !login) throw new Error('No login is kept');
    return { clientId, login };
  }

  /** Changes what is kept of the login, as time would. */
  async change(cli: Cli, change: Partial<Login>): Promise<void> {
    const kept = await readKept(cli);
    Object.assign(kept.servers[this.name]?.login ?? {}, change);
    await writeFile(fileOf(cli), JSON.stringify(kept));
  }

  /** The access token is over. */
  async expire(cli: Cli): Promise<void> {
    const { accessToken } = (await this.kept(cli)).login;
    const expiresAt = new Date(Date.now() - 1_000).toISOString();
    await this.change(cli, { accessToken: { value: accessToken?.value ?? '', expiresAt } });
  }

  /** Refreshes as another process would, past the command line. */
  async refresh(clientId: string, refreshToken: string): Promise<number> {
    const form = { grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken };
    const response = await fetch(new URL('/oauth/token', this.name), {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    await response.body?.cancel();
    return response.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cli of this.#clis) await cli[Symbol.asyncDispose]();
    await this.picard[Symbol.asyncDispose]();
  }
}

export const fileOf = ({ folder }: Cli): string => join(folder, '.config', 'picard', 'logins.json');

/** For what does not renew them: two copies of a refresh token are one too many. */
export async function copyOfLogins(from: Cli, to: Cli): Promise<void> {
  await mkdir(dirname(fileOf(to)), { recursive: true });
  await copyFile(fileOf(from), fileOf(to));
}

export const readKept = async (cli: Cli): Promise<Logins> => JSON.parse(await readFile(fileOf(cli), 'utf8'));

/** As whom commands act. */
export async function actsAs(cli: Cli): Promise<unknown> {
  const { code, stdout, stderr } = await cli.run('export');
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  return (parseLines(stdout)[0]?.['account'] as { handle: string }).handle;
}

/** The code that `picard login` tells, once it does. */
export async function codeOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  const told = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      if (text.includes('Waiting until you have allowed')) resolve(text);
    });
    child.once('close', () => reject(new Error(`It ended without a code: ${text}`)));
  });
  return /^ {2}([A-Z]{4}-[A-Z]{4})$/m.exec(told)?.[1] ?? '';
}
