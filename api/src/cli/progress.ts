import { SingleBar } from 'cli-progress';

export interface Progress {
  update(value: number, note: string): void;
  stop(): void;
}

/** A bar on stderr when somebody watches it; else nothing, so that logs hold no bars. */
export function progressBar(total: number): Progress {
  if (!process.stderr.isTTY || total === 0) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: '{bar} {percentage}%  {note}',
    stream: process.stderr,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    hideCursor: true,
    // Ctrl+C is the command's own.
    gracefulExit: false,
  });
  bar.start(total, 0, { note: '' });
  return {
    update: (value, note) => bar.update(Math.min(value, total), { note }),
    stop: () => bar.stop(),
  };
}
