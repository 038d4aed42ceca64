import type { OpenAIEmbeddingSettings } from '../embedding-settings.ts';
import { EmbeddingError } from '../errors.ts';

export const OPENAI_BASE_URL = 'https://api.openai.com/v1';

/** Lengths at which OpenAI's own models give their vectors when nothing else is asked for. */
const NATIVE_DIMENSIONS: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1536,
  'text-embedding-3-large': 3072,
  'text-embedding-ada-002': 1536,
};
const REFUSES_DIMENSIONS = 'text-embedding-ada-002';

export interface EmbeddingEndpoint {
  baseUrl: string;
  host: string;
  key: string;
  dimensions: number;
  sendDimensions: boolean;
}

/** @throws {EmbeddingError} `MODEL_MISCONFIGURED` */
export function embeddingEndpoint(settings: OpenAIEmbeddingSettings): EmbeddingEndpoint {
  const { model } = settings;
  if (settings.apiKey === '') throw misconfigured('The API key of the embedding server is empty.');
  const baseUrl = settings.baseUrl ?? OPENAI_BASE_URL;
  const host = URL.parse(baseUrl)?.host;
  if (!host) throw misconfigured('The base URL of the embedding server is not a URL.');

  const dimensions = settings.dimensions ?? NATIVE_DIMENSIONS[model];
  if (dimensions === undefined) throw misconfigured(`State how many dimensions the model ${model} gives.`);
  if (!Number.isInteger(dimensions) || dimensions < 1) {
    throw misconfigured(`A model cannot give ${dimensions} dimensions.`);
  }
  const sendDimensions = settings.sendDimensions ?? model !== REFUSES_DIMENSIONS;
  return { baseUrl, host, key: `${model}/${dimensions}@${host}`, dimensions, sendDimensions };
}

function misconfigured(message: string): EmbeddingError {
  return new EmbeddingError('MODEL_MISCONFIGURED', message);
}
