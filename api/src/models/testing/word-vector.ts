import { createHash } from 'node:crypto';

/** A vector that needs no model: texts that share words point the same way. Not of length 1. */
export function wordVector(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text]) {
    const digest = createHash('sha256').update(word).digest();
    for (let i = 0; i < 8; i++) {
      const at = digest.readUInt16LE(2 * i) % dimensions;
      vector[at] = (vector[at] ?? 0) + (((digest[16 + i] ?? 0) & 1) === 1 ? 1 : -1);
    }
  }
  return vector;
}
