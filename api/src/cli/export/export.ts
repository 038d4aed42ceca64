import { openDoor, type Door } from '../door.ts';
import { interrupts } from '../interrupt.ts';
import { progressBar } from '../progress.ts';
import { readSettings } from '../settings.ts';
import { FORMAT_VERSION, type ExportHeader } from './export-format.ts';
import { exportedGrants } from './export-grants.ts';
import { earlierVersions, exportedMemories, sharedMemories } from './export-pages.ts';
import { toFile, toStdout, type LineSink } from './line-file.ts';

export interface ExportCommand {
  history?: boolean;
  trash?: boolean;
  shared?: boolean;
  force?: boolean;
}

const overview = `query ExportOverview {
  viewer { export { begunAt } user { id handle displayName } memories(first: 1, filter: { expiry: ANY, ownedBy: ME }) { totalCount } }
}`;
interface Overview {
  viewer: { user: ExportHeader['account']; memories: { totalCount: number } };
}

/** Writes every memory of one's own, in clear, as JSON Lines, and with whom each is shared; others' only when asked for. */
export async function exportMemories(file: string | undefined, options: ExportCommand): Promise<void> {
  await using door = await openDoor(readSettings());
  const sink = file === undefined || file === '-' ? toStdout() : await toFile(file, options.force ?? false);
  using interrupt = interrupts();
  try {
    const memories = await writeExport(door, sink, options, interrupt.signal);
    if (memories === null) {
      await sink.discard();
      process.stderr.write('Stopped: the export is not whole, so no file was left. Run it again.\n');
      process.exitCode = 130;
      return;
    }
    await sink.done();
    const where =
      file === undefined || file === '-'
        ? ''
        : ` to ${file}. The texts in it are not encrypted: keep it safe`;
    process.stderr.write(`Exported ${memories.toLocaleString('en')} memories${where}.\n`);
  } catch (error) {
    await sink.discard();
    throw error;
  }
}

/** How many were written; null when it was stopped before the end. */
export async function writeExport(
  door: Door,
  sink: LineSink,
  options: ExportCommand,
  stop: AbortSignal,
): Promise<number | null> {
  const { viewer } = await door.ask<Overview>(overview);
  const { history = false, trash = false, shared = false } = options;
  const header: ExportHeader = {
    picard: 'export',
    version: FORMAT_VERSION,
    exportedAt: new Date().toISOString(),
    account: viewer.user,
    history,
    trash,
    shared,
  };
  await sink.write(header);
  const progress = progressBar(viewer.memories.totalCount);
  let memories = 0;
  try {
    for (const deleted of trash ? [false, true] : [false]) {
      for await (const memory of exportedMemories(door, deleted)) {
        if (stop.aborted) return null;
        await sink.write(history ? { ...memory, versions: await earlierVersions(door, memory) } : memory);
        memories += 1;
        if (memories % 100 === 0) progress.update(memories, `${memories} memories`);
      }
    }
    if (shared) {
      for await (const memory of sharedMemories(door)) {
        if (stop.aborted) return null;
        await sink.write(memory);
        memories += 1;
      }
    }
    for await (const grant of exportedGrants(door, viewer.user.id)) await sink.write(grant);
  } finally {
    progress.stop();
  }
  await sink.write({ picard: 'end', memories });
  return memories;
}
