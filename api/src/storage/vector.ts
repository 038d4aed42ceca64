import pgvector from 'pgvector';

/** A vector as pgvector reads it from text. */
export function toSqlVector(vector: Float32Array): string {
  return String(pgvector.toSql([...vector]));
}

/** A vector from the text that pgvector writes. */
export function fromSqlVector(text: string): Float32Array {
  return Float32Array.from(pgvector.fromSql(text) as number[]);
}
