import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Pooling } from '../embedding-settings.ts';
import { unitVector } from '../unit-vector.ts';

export interface OnnxEncoder {
  /** One text per pass: int8 activations are scaled over the batch, so that batch mates change the answer. */
  embed(tokenIds: readonly number[]): Promise<Float32Array>;
  release(): Promise<void>;
}

export async function openOnnxEncoder(
  modelFile: string,
  options: { pooling: Pooling; threads: number },
): Promise<OnnxEncoder> {
  const session = await InferenceSession.create(modelFile, {
    executionProviders: ['cpu'],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // Errors only: warnings about the graph go to stderr and help nobody.
    logSeverityLevel: 3,
  });
  const output = session.outputNames.find((name) => name === 'last_hidden_state') ?? session.outputNames[0];
  if (output === undefined) throw new Error('the model has no output');

  return {
    async embed(tokenIds) {
      const results = await session.run(inputsFor(session.inputNames, tokenIds), [output]);
      const vector = pooled(results[output], options.pooling);
      if (!vector) throw new Error(`the output "${output}" holds no embedding`);
      return vector;
    },
    release: () => session.release(),
  };
}

function inputsFor(names: readonly string[], tokenIds: readonly number[]): Record<string, Tensor> {
  const shape = [1, tokenIds.length];
  const filled: Record<string, () => BigInt64Array> = {
    input_ids: () => BigInt64Array.from(tokenIds, BigInt),
    attention_mask: () => new BigInt64Array(tokenIds.length).fill(1n),
    token_type_ids: () => new BigInt64Array(tokenIds.length),
  };
  const inputs: Record<string, Tensor> = {};
  for (const name of names) {
    const data = filled[name]?.();
    if (!data) throw new Error(`the model asks for the input "${name}", which is not one of BERT's`);
    inputs[name] = new Tensor('int64', data, shape);
  }
  return inputs;
}

/** Takes `[1, tokens, dimensions]`, or `[1, dimensions]` of a model that pools by itself. */
function pooled(output: Tensor | undefined, pooling: Pooling): Float32Array | null {
  if (!output || !(output.data instanceof Float32Array)) return null;
  const dimensions = output.dims.at(-1) ?? 0;
  if (output.dims.length === 2 || pooling === 'cls') return unitVector(output.data.subarray(0, dimensions));

  const sum = new Float32Array(dimensions);
  for (const [i, value] of output.data.entries()) {
    const d = i % dimensions;
    sum[d] = (sum[d] ?? 0) + value;
  }
  // The sum points where the mean does.
  return unitVector(sum);
}
