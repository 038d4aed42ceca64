export interface EmbeddingSettings {
  provider: 'local' | 'openai' | 'none';
  /** Folder that keeps the fetched weights; may be shared by several installations. */
  cacheFolder: string;
  /** A model of your own; without it the default model is fetched once. */
  localFolder?: LocalFolderSettings | undefined;
  /** Threads for one inference of the local model; default 1. */
  threads?: number | undefined;
  openai?: OpenAIEmbeddingSettings | undefined;
  /** Receives sentences for the operator: what was fetched, or why search is by words alone. */
  onNotice: (message: string) => void;
}

/** A folder with `onnx/model_quantized.onnx`, `onnx/model.onnx` or `model.onnx`, and `tokenizer.json`. */
export interface LocalFolderSettings {
  path: string;
  dimensions: number;
  pooling: Pooling;
  queryPrefix?: string | undefined;
  documentPrefix?: string | undefined;
  /** The longest input that the model reads, special tokens included; default 512. */
  maxTokens?: number | undefined;
}

/** How one vector is made of the vectors of all tokens: that of the first token, or their mean. */
export type Pooling = 'cls' | 'mean';

/** OpenAI or a server that speaks its `POST /embeddings`. */
export interface OpenAIEmbeddingSettings {
  apiKey: string;
  /** With the version in its path; default OpenAI's own. */
  baseUrl?: string | undefined;
  model: string;
  /** Required for models other than OpenAI's. */
  dimensions?: number | undefined;
  /** Whether `dimensions` is sent; some servers refuse it for models with one fixed length. Default true. */
  sendDimensions?: boolean | undefined;
  /** Per attempt; default 20 000 ms. */
  timeoutMs?: number | undefined;
  /** Compatible servers often take fewer texts in one request than OpenAI's 2048; default 256. */
  maxTextsPerRequest?: number | undefined;
}
