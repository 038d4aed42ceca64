import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DOWNLOAD_TIMEOUTS, Watchdog, type DownloadTimeouts } from './watchdog.ts';
import type { WeightSource } from './weight-source.ts';

export const MODEL_HUB = 'https://huggingface.co';

/** A model hub that serves `/<repository>/resolve/main/<path>`. */
export function hubSource(origin: string = MODEL_HUB, timeouts = DOWNLOAD_TIMEOUTS): WeightSource {
  return {
    name: 'the model hub',
    async download(weights, folder) {
      for (const { path } of weights.files) {
        const file = join(folder, path);
        await mkdir(dirname(file), { recursive: true });
        await downloadFile(`${origin}/${weights.hub}/resolve/main/${path}`, file, timeouts);
      }
    },
  };
}

async function downloadFile(url: string, file: string, timeouts: DownloadTimeouts): Promise<void> {
  using watchdog = new Watchdog(timeouts);
  const { signal } = watchdog;
  const response = await fetch(url, { signal });
  if (!response.ok || !response.body) throw new Error(`HTTP status ${response.status}`);
  const body = Readable.from(response.body as AsyncIterable<Uint8Array>).on('data', () => watchdog.alive());
  await watchdog.guard(pipeline(body, createWriteStream(file), { signal }));
}
