import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;
/** Nothing listens there: whatever a host would like to reach outside of this machine, it cannot. */
const NOWHERE = 'http://127.0.0.1:9';

/** All that an assistant is told of this machine, with a home of its own: nothing of the person who runs this is read. */
export const environment = (home) => ({
  PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
  LANG: 'C.UTF-8',
  HOME: home,
  XDG_CONFIG_HOME: join(home, '.config'),
  XDG_CACHE_HOME: join(home, '.cache'),
  XDG_DATA_HOME: join(home, '.local/share'),
  HTTP_PROXY: NOWHERE,
  HTTPS_PROXY: NOWHERE,
  NO_PROXY: 'localhost,127.0.0.1',
});

/** A home and a folder to work in, for one assistant, and a browser that only notes what it is to open. */
export class Room {
  constructor(folder, command, extra) {
    this.folder = folder;
    this.home = join(folder, 'home');
    this.command = command;
    this.opened = join(folder, 'opened');
    this.env = { ...environment(this.home), BROWSER: join(folder, 'browser'), ...extra(this.home) };
  }

  /** @param {(home: string) => Record<string, string>} extra variables of the assistant's own */
  static async make(command, extra) {
    const room = new Room(await mkdtemp(join(tmpdir(), 'picard-assistant-')), command, extra);
    await mkdir(join(room.folder, 'work'));
    await mkdir(room.home);
    const browser = `#!/bin/sh\nprintf '%s' "$1" >'${room.opened}.part' && mv '${room.opened}.part' '${room.opened}'\n`;
    await writeFile(room.env['BROWSER'], browser, { mode: 0o700 });
    return room;
  }

  start(args, { env = {}, command = this.command } = {}) {
    const child = spawn(command, args, {
      cwd: join(this.folder, 'work'),
      env: { ...this.env, ...env },
      timeout: PATIENCE_MS,
    });
    child.stdin.on('error', () => undefined);
    const ended = new Promise((resolve) => child.on('error', resolve).on('close', resolve));
    return { child, ended };
  }

  /** Runs the assistant to its end, without input; answers what it printed. */
  async run(args, options) {
    const { child, ended } = this.start(args, options);
    child.stdin.end();
    const [code, out, said] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    assert.equal(code, 0, `${args.join(' ')} ended with ${code}:\n${out}${said}`);
    return out;
  }

  /**
   * Runs the assistant, which opens a browser, and does there what `person` does with the address.
   * @param {(address: string) => Promise<URL | null>} person answers where the browser was sent back to, or null if nowhere
   * @returns what it printed, or null when the person was not sent back
   */
  async signIn(args, person, options) {
    await rm(this.opened, { force: true });
    const { child, ended } = this.start(args, options);
    const printed = Promise.all([text(child.stdout), text(child.stderr)]).then((parts) => parts.join(''));
    try {
      const address = await Promise.race([this.#whatIsOpened(), ended.then(() => undefined)]);
      assert.ok(address, 'No browser was opened');
      const back = await person(address);
      if (!back) return null;
      assert.equal((await fetch(back)).status, 200);
      assert.equal(await ended, 0, 'The sign-in failed');
      return await printed;
    } catch (error) {
      child.kill();
      throw new Error(`${error.message}\n${await printed}`, { cause: error });
    } finally {
      child.kill();
      await ended;
    }
  }

  async #whatIsOpened() {
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(50)) {
      const address = await readFile(this.opened, 'utf8').catch(() => '');
      if (address) return address;
    }
    return undefined;
  }

  async [Symbol.asyncDispose]() {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
