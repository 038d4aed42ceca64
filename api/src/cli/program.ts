import { Command, InvalidArgumentError, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import type { AccountLinkCommand } from './account-link.ts';
import type { ExportCommand } from './export/export.ts';
import type { ImportCommand } from './import/import.ts';
import type { LoginCommand } from './login/login.ts';
import type { SearchCommand } from './search.ts';

const about =
  'One home for what you want your AI assistants to know.\n\n' +
  'Commands that read or write memories ask the server of the data folder (PICARD_DATA) if it runs, or the one that ' +
  'PICARD_URL names; else they open the data themselves. They act with the API key in PICARD_TOKEN, else with the login ' +
  'that `picard login` made at that server, else with the administrator’s key in <data folder>/first-key. ' +
  'Settings come from the environment and from .env; .env.example lists them.';

/** Each command is loaded when it is asked for: `--help` needs no database. */
export function createProgram(): Command {
  const program = new Command('picard')
    .description(about)
    .version(manifest.version)
    .option('--verbose', 'when something fails, say where')
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: (.*)/, 'picard: $1 [USAGE]')),
    })
    .showSuggestionAfterError()
    .showHelpAfterError('Run it with --help to see what it takes.');

  program
    .command('start')
    .description('start the API, MCP and the background jobs in this process')
    .action(async () => (await import('../main.ts')).main());

  program
    .command('login')
    .description(
      'connect the command line and `picard mcp` to your account, by a code that you enter in a browser',
    )
    .option(
      '--url <address>',
      'the server; unless told, PICARD_URL, else the one that runs on the data folder',
    )
    .option('--read-only', 'ask for reading memories alone')
    .action(async (options: LoginCommand) => (await import('./login/login.ts')).login(options));

  program
    .command('logout')
    .description('end the login at a server, there and on this machine')
    .option('--url <address>', 'the server; unless told, as with `picard login`')
    .action(async (options: { url?: string }) => (await import('./login/logout.ts')).logout(options));

  program
    .command('doctor')
    .description(
      'say what is configured, what is missing, and what to do; exit code 1 if something must be mended',
    )
    .action(async () => (await import('./doctor/doctor.ts')).doctor());

  program
    .command('mcp')
    .description('serve MCP over stdin and stdout, for hosts that start their servers themselves')
    .addHelpText('after', '\nExample:\n  claude mcp add picard -- npx picard mcp')
    .action(async () => (await import('./mcp.ts')).mcp());

  program
    .command('search')
    .description('find memories by meaning and by word, best first')
    .argument('<words...>', 'a question or some words')
    .addOption(
      new Option('--mode <mode>', 'what to rank by')
        .choices(['hybrid', 'words', 'vectors'])
        .default('hybrid'),
    )
    .option('--limit <number>', 'how many at most, from 1 to 100', wholeNumber(1, 100), 10)
    .option('--json', 'answer in JSON, with whole texts')
    .action(async (words: string[], options: SearchCommand) =>
      (await import('./search.ts')).search(words, options),
    );

  program
    .command('import')
    .description('take in memories from a file in JSON Lines: one object a line, or an export of Picard')
    .argument('<file>', 'the file; - for stdin')
    .option('--dry-run', 'check every line and write nothing')
    .option('--source <name>', 'the source of lines that name none')
    .option('--with-shares', 'share again what the file says was shared, and publish what was public')
    .option('--keep-trust', 'believe the file who wrote each memory; else all count as imported')
    .option('--report <file>', 'write every line that failed, and why, to a file in JSON Lines')
    .addHelpText('after', importHelp)
    .action(async (file: string, options: ImportCommand) =>
      (await import('./import/import.ts')).importFile(file, options),
    );

  program
    .command('export')
    .description('write all of your memories, in clear, in JSON Lines')
    .argument('[file]', 'where to; stdout unless told')
    .option('--history', 'with the earlier versions of each')
    .option('--trash', 'with those in the trash')
    .option('--shared', 'with what others let you see, each with its owner')
    .option('--force', 'replace the file if it is there')
    .action(async (file: string | undefined, options: ExportCommand) =>
      (await import('./export/export.ts')).exportMemories(file, options),
    );

  program
    .command('migrate')
    .description('bring the database to this version of Picard, as every start does too')
    .action(async () => (await import('./migrate.ts')).migrateDatabase());

  program
    .command('account-link')
    .description('make a one-time link for the owner of an account, to claim it or to set a new password')
    .argument('<handle>', 'whose account')
    .addOption(new Option('--claim', 'to claim an account that was made for somebody').conflicts('reset'))
    .addOption(new Option('--reset', 'to set a new password'))
    .action(async (handle: string, options: AccountLinkCommand) =>
      (await import('./account-link.ts')).printAccountLink(handle, options),
    );

  program
    .command('keys')
    .description('look after the master keys')
    .command('rotate')
    .description('make a new master key and wrap every data key with it, while everything runs')
    .action(async () => (await import('./rotate-keys.ts')).rotateKeys());

  const audit = program.command('audit').description('look after the audit log');
  audit
    .command('verify')
    .description(
      'hold every entry against the hashes and signatures over it; exit code 1 if one was changed, and which',
    )
    .option('--checkpoint <file>', 'also against what `picard audit checkpoint` printed earlier')
    .action(async (options: { checkpoint?: string }) =>
      (await import('./audit-verify.ts')).verifyAudit(options),
    );
  audit
    .command('checkpoint')
    .description('sign where every log ends and print it, to be kept where nobody of this server can write')
    .action(async () => (await import('./audit-checkpoint.ts')).printCheckpoints());

  const signingKeys = program
    .command('signing-keys')
    .description('look after the keys that sign access tokens');
  signingKeys
    .command('rotate')
    .description('publish the next key, which signs some minutes from now on every instance')
    .action(async () => (await import('./signing-keys.ts')).rotateSigningKey());
  signingKeys
    .command('revoke')
    .description(
      'drop every key at once, after somebody else may have read one; apps get new tokens by themselves',
    )
    .action(async () => (await import('./signing-keys.ts')).revokeSigningKeys());

  return program;
}

const importHelp = `
A line holds "text", and if you like kind, tags, source, sourceId, thread, position, language, occurredAt and
expiresAt (source_id and so on are taken too):
  {"text": "Ada drinks green tea", "tags": ["habits"], "occurred_at": "2026-11-21T09:30:00Z"}

The same source and sourceId is taken once; a line without a sourceId is known by what it holds. So the same file can
be imported again: it adds what is not there yet. Ctrl+C stops in good order; run it again to go on.
A line that cannot be taken is told at the end, does not stop the rest, and makes the exit code 1.`;

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
