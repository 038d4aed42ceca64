/** What the rest of the house knows of an embedding model, wherever it runs. */
export interface EmbeddingModel {
  /**
   * Stable name stored beside every vector, for example `bge-small-en-v1.5-int8/384` or
   * `text-embedding-3-small/1536@api.example.com`. Vectors of two keys are never compared: a changed key
   * means that everything is embedded anew.
   */
  readonly key: string;
  /** Length of every vector. */
  readonly dimensions: number;
  /** What was asked of the model since it was opened; kept only by models that are paid for. */
  readonly usage?: Readonly<EmbeddingUsage>;

  /**
   * Splits a text into chunks that the model reads whole, in order, with a small overlap. A short text gives
   * one chunk, a blank text none; a chunk is never blank.
   */
  chunk(text: string): Promise<string[]>;

  /**
   * One unit vector per text, in the same order. Texts longer than a chunk may be cut or refused.
   *
   * @throws {EmbeddingError} with a code; the reason of `signal` when it aborts.
   */
  embedDocuments(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]>;

  /**
   * The unit vector of a search query, which some models read behind a prefix of its own. Queries are
   * answered ahead of waiting documents.
   *
   * @throws {EmbeddingError} with a code; the reason of `signal` when it aborts.
   */
  embedQuery(text: string, signal?: AbortSignal): Promise<Float32Array>;

  /** Ends the worker or the connections. Requests still waiting reject with `MODEL_CLOSED`. */
  close(): Promise<void>;
}

export interface EmbeddingUsage {
  /** Requests sent, retries included. */
  requests: number;
  /** Texts embedded. */
  texts: number;
  /** Tokens as counted by the server. */
  tokens: number;
}
