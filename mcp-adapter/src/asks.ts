import {
  type InputRequest,
  fromJsonSchema,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server';
import { isRecord } from './json-schema.ts';
import type { Ask } from './operation-entry.ts';
import { fillText } from './uri-template.ts';

export interface CompiledAsk extends Ask {
  /** Whether what a host says the person filled in fits the form. */
  fits(content: unknown): boolean;
}

export type Answered = { kind: 'answer'; value: unknown } | { kind: 'declined' | 'missing' };

/** Compiles the forms of what is asked; do it once. */
export function compileAsks(asks: readonly Ask[]): CompiledAsk[] {
  return asks.map((ask) => {
    const form = ask.schema && fromJsonSchema({ ...ask.schema });
    return {
      ...ask,
      fits: (content) => {
        const result = form?.['~standard'].validate(content);
        return result !== undefined && !(result instanceof Promise) && result.issues === undefined;
      },
    };
  });
}

/** The request that asks, as the protocol embeds it. */
export function requestOf(ask: Ask, args: Record<string, unknown>): InputRequest {
  const text = fillText(ask.message, args);
  switch (ask.kind) {
    case 'form': {
      const { properties = {}, required } = ask.schema ?? {};
      const requestedSchema = { type: 'object', properties, ...(required ? { required } : {}) };
      // Codegen made it of what forms may hold.
      return {
        method: 'elicitation/create',
        params: { mode: 'form', message: text, requestedSchema },
      } as InputRequest;
    }
    case 'sample':
      return inputRequired.createMessage({
        messages: [{ role: 'user', content: { type: 'text', text } }],
        maxTokens: ask.maxTokens ?? 1000,
      });
    case 'roots':
      return { method: 'roots/list', params: {} };
  }
}

/** What came back for one ask; an answer that does not fit is none, and is asked for again. */
export function answerOf(ask: CompiledAsk, responses: Record<string, unknown> | undefined): Answered {
  const response = inputResponse(responses, ask.variable);
  if (ask.kind === 'form' && response.kind === 'elicit') {
    if (response.action !== 'accept') return { kind: 'declined' };
    const content = response.content ?? {};
    if (!ask.fits(content)) return { kind: 'missing' };
    return { kind: 'answer', value: ask.wraps === true ? content[ask.variable] : content };
  }
  if (ask.kind === 'sample' && response.kind === 'sampling') {
    const text = textOf(response.result.content);
    return text === '' ? { kind: 'missing' } : { kind: 'answer', value: text };
  }
  if (ask.kind === 'roots' && response.kind === 'roots')
    return { kind: 'answer', value: response.roots.map(({ uri }) => uri) };
  return { kind: 'missing' };
}

function textOf(content: unknown): string {
  const blocks: readonly unknown[] = Array.isArray(content) ? content : [content];
  return blocks
    .flatMap((block) => (isRecord(block) && block['type'] === 'text' ? [String(block['text'])] : []))
    .join('\n');
}
