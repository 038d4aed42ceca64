/** The value below which a share (0…1) of the samples lies, by the nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('There is no percentile of no samples.');
  return value;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

/** Samples in ms, as `p50 / p95 / p99`. */
export function spread(samples: readonly number[]): string {
  return [0.5, 0.95, 0.99].map((share) => percentile(samples, share).toFixed(1)).join(' / ');
}
