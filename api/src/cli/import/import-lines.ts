import { InvalidInput } from '../../invalid-input.ts';
import { CliError } from '../cli-error.ts';
import {
  exportedGrant,
  exportEnd,
  exportHeader,
  FORMAT_VERSION,
  type ExportedGrant,
  type ExportHeader,
} from '../export/export-format.ts';
import { parseExported, parsePlain, type ImportOptions, type ParsedMemory } from './parse-memory.ts';
import type { Line } from './read-lines.ts';

/** What a line came to. */
export type Entry =
  | { kind: 'memory'; memory: ParsedMemory }
  | { kind: 'failed'; failure: { code: string; reason: string } }
  | { kind: 'grant'; grant: ExportedGrant }
  /** It was in the trash of the account that was exported. */
  | { kind: 'trashed' }
  /** A blank line, or the header or the end of an export. */
  | { kind: 'nothing' };

/** Reads lines one after the other: whether the file is an export of ours, the first one says. */
export class LineReader {
  readonly #options: ImportOptions;
  #header: ExportHeader | null = null;
  #begun = false;
  #ended = false;

  constructor(options: ImportOptions) {
    this.#options = options;
  }

  /** An export of ours that lacks its last line. */
  get cutShort(): boolean {
    return this.#header !== null && !this.#ended;
  }

  read({ text }: Line): Entry {
    if (text === '') return { kind: 'nothing' };
    const failed = (reason: string, code = 'INVALID_LINE'): Entry => ({
      kind: 'failed',
      failure: { code, reason },
    });
    if (text === null) return failed('the line is no text in UTF-8, or far too long.');
    const value = parseObject(text);
    if (value === null) return failed('the line is no JSON object: write one memory a line.');
    if (this.#isMark(value)) return { kind: 'nothing' };
    this.#begun = true;
    try {
      if (this.#header === null) return { kind: 'memory', memory: parsePlain(value, this.#options) };
      if ('deletedAt' in value && value.deletedAt !== null) return { kind: 'trashed' };
      const grant = exportedGrant.safeParse(value);
      if (grant.success) return { kind: 'grant', grant: grant.data };
      return { kind: 'memory', memory: parseExported(value, this.#header.account.id, this.#options) };
    } catch (error) {
      if (error instanceof InvalidInput) return failed(error.message, error.code);
      throw error;
    }
  }

  #isMark(value: object): boolean {
    const header = this.#begun ? undefined : exportHeader.safeParse(value);
    if (header?.success) {
      if (header.data.version > FORMAT_VERSION) {
        throw new CliError(
          'NEWER_EXPORT',
          `The file is an export in format ${header.data.version}, and this Picard reads up to ${FORMAT_VERSION}. ` +
            'Update Picard, then import again. Nothing was imported.',
        );
      }
      this.#header = header.data;
      this.#begun = true;
      return true;
    }
    if (this.#header === null || !exportEnd.safeParse(value).success) return false;
    this.#ended = true;
    return true;
  }
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
