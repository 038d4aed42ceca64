import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

const SHOWN = 20;

export interface Failure {
  line: number;
  code: string;
  /** Names fields, never what they hold. */
  reason: string;
}

/** What an import came to: numbers, the first failures, and all of them in a file if one is asked for. */
export class Tally {
  added = 0;
  present = 0;
  trashed = 0;
  failed = 0;
  /** Shares that were made again. */
  shared = 0;
  /** Shares and publications in the file that were not asked for. */
  unshared = 0;
  unpublished = 0;
  readonly first: Failure[] = [];
  readonly #report: WriteStream | null;

  private constructor(report: WriteStream | null) {
    this.#report = report;
  }

  static async open(reportFile: string | undefined): Promise<Tally> {
    if (reportFile === undefined) return new Tally(null);
    const report = createWriteStream(reportFile, { mode: 0o600 });
    await once(report, 'open');
    return new Tally(report);
  }

  async fail(failure: Failure): Promise<void> {
    this.failed += 1;
    if (this.first.length < SHOWN) this.first.push(failure);
    if (this.#report && !this.#report.write(`${JSON.stringify(failure)}\n`))
      await once(this.#report, 'drain');
  }

  async close(): Promise<void> {
    if (!this.#report) return;
    this.#report.end();
    await finished(this.#report);
  }
}
