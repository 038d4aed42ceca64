/** No memory is longer, even with a long history in an export; a longer line is no JSONL. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const NEWLINE = 10;

export interface Line {
  /** Counted from 1. */
  number: number;
  /** Null when the bytes are no text in UTF-8, or too many. */
  text: string | null;
  /** How many bytes have been read up to the end of this line. */
  end: number;
}

/** The lines of a stream, one at a time: the file may be larger than the memory of the machine. */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  maxBytes = MAX_LINE_BYTES,
): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  let number = 0;
  let end = 0;

  function add(bytes: Buffer): void {
    length += bytes.length;
    // Of a line that is too long only the length is kept.
    if (length <= maxBytes) parts.push(bytes);
    else parts = [];
  }
  function take(): Line {
    const text = length <= maxBytes ? decode(Buffer.concat(parts)) : null;
    parts = [];
    length = 0;
    return { number: (number += 1), text, end };
  }

  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, at));
      end += at + 1 - from;
      from = at + 1;
      yield take();
    }
    end += chunk.length - from;
    if (from < chunk.length) add(chunk.subarray(from));
  }
  if (length > 0) yield take();
}

/** A byte order mark at the beginning is dropped by the decoder. */
function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
  } catch {
    return null;
  }
}
