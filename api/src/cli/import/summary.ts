import type { ImportCommand } from './import.ts';
import type { Tally } from './tally.ts';

export interface Outcome {
  file: string;
  tally: Tally;
  /** The first line that a repeated run has to look at; null when the whole file was read. */
  stoppedAt: number | null;
  /** An export that lacks its last line. */
  cutShort: boolean;
  options: ImportCommand;
}

const count = (value: number): string => value.toLocaleString('en');

/** What happened, and what to do next. */
export function summary({ file, tally, stoppedAt, cutShort, options }: Outcome): string {
  const name = file === '-' ? 'the input' : file;
  const lines = [
    options.dryRun
      ? `Checked ${name}, and wrote nothing: ${count(tally.added)} can be imported, ${count(tally.failed)} cannot.`
      : `Imported ${name}: ${count(tally.added)} added, ${count(tally.present)} already there, ${count(tally.failed)} failed.`,
  ];
  if (tally.trashed > 0) {
    lines.push(`${count(tally.trashed)} were in the trash when the export was made, and stay out.`);
  }
  if (tally.shared > 0) lines.push(`${count(tally.shared)} shares were made again.`);
  if (tally.unshared + tally.unpublished > 0) {
    lines.push(
      `Nothing was shared: the file tells of ${count(tally.unshared)} shares and ${count(tally.unpublished)} public memories. ` +
        'Run it again with --with-shares to share; what is public is published if it is imported with that.',
    );
  }
  for (const { line, reason } of tally.first) lines.push(`  line ${line}: ${reason}`);
  const more = tally.failed - tally.first.length;
  if (more > 0) lines.push(`  … and ${count(more)} more.`);
  if (options.report !== undefined) lines.push(`Every line that failed, and why: ${options.report}`);
  else if (more > 0) lines.push('To have them all, run it again with --report FILE.');
  if (cutShort) {
    lines.push(
      'The export lacks its last line: it was cut short when it was written or copied. Get it whole.',
    );
  }
  if (stoppedAt !== null) {
    lines.push(`Stopped before line ${count(stoppedAt)}. Run the same command again: it goes on from there.`);
  } else if (tally.failed > 0) {
    lines.push('Mend those lines and run it again: what is there already is not added twice.');
  } else if (!options.dryRun && tally.added > 0) {
    lines.push('They are found by word at once, and by meaning as the running server embeds them.');
  }
  return `${lines.join('\n')}\n`;
}
