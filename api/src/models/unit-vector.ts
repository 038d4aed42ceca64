/**
 * Scales a vector to length 1, so that the inner product of two is their cosine.
 *
 * @returns `null` for a vector that has no direction: zero, or with a component that is not finite.
 */
export function unitVector(values: ArrayLike<number>): Float32Array | null {
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    squares += value * value;
  }
  const norm = Math.sqrt(squares);
  if (!Number.isFinite(norm) || norm === 0) return null;

  const unit = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) unit[i] = (values[i] ?? 0) / norm;
  return unit;
}
