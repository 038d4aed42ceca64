import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

export const TEXT = 'Ada drinks green tea in the afternoon.';
const WORD = 'It is kept.';

/**
 * Stands for the paid services of Anthropic (Messages API) and OpenAI (Responses API), which are not to be had without an
 * account: when it is offered `submit_memory` it calls that, and when it is told what came of it, it says a word.
 */
export async function startScriptedModel() {
  const model = {
    url: '',
    /** What the assistant offered last, and what it told of the call. */
    heard: { tools: /** @type {{ name: string, namespace?: string }[]} */ ([]), outcome: '' },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
  const ways = { '/v1/messages': speakMessages, '/v1/responses': speakResponses };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://model');
    const speak = request.method === 'POST' ? ways[pathname] : undefined;
    if (!speak) return void response.writeHead(404).end('{}');
    json(request)
      .then((body) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const event of speak(body, model.heard))
          response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
        response.end();
      })
      .catch((error) => response.destroy(error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  model.url = `http://127.0.0.1:${server.address().port}`;
  return model;
}

function speakMessages({ model, tools = [], messages }, heard) {
  const tool = tools.find(({ name }) => name.endsWith('__submit_memory'));
  const told = messages.at(-1).content;
  const result = Array.isArray(told) ? told.find(({ type }) => type === 'tool_result') : undefined;
  if (tool) heard.tools = tools;
  if (result) heard.outcome = JSON.stringify(result.content);
  const calls = tool && !result;
  const block = calls
    ? { type: 'tool_use', id: 'toolu_1', name: tool.name, input: {} }
    : { type: 'text', text: '' };
  const delta = calls
    ? { type: 'input_json_delta', partial_json: JSON.stringify({ text: TEXT }) }
    : { type: 'text_delta', text: WORD };
  const usage = { input_tokens: 1, output_tokens: 1 };
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model, content: [], usage };
  return [
    { type: 'message_start', message: { ...message, stop_reason: null } },
    { type: 'content_block_start', index: 0, content_block: block },
    { type: 'content_block_delta', index: 0, delta },
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: calls ? 'tool_use' : 'end_turn' }, usage },
    { type: 'message_stop' },
  ];
}

function speakResponses({ tools = [], input }, heard) {
  const offered = tools.flatMap((tool) =>
    tool.type === 'namespace' ? tool.tools.map((each) => ({ ...each, namespace: tool.name })) : [tool],
  );
  const tool = offered.find(({ name }) => name?.endsWith('submit_memory'));
  const result = input.findLast(({ type }) => type === 'function_call_output');
  if (tool) heard.tools = offered;
  if (result) heard.outcome = JSON.stringify(result.output);
  const call = tool && {
    type: 'function_call',
    call_id: 'call_1',
    name: tool.name,
    namespace: tool.namespace,
    arguments: JSON.stringify({ text: TEXT }),
  };
  const message = {
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    content: [{ type: 'output_text', text: WORD }],
  };
  const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
  return [
    { type: 'response.created', response: { id: 'resp_1' } },
    { type: 'response.output_item.done', output_index: 0, item: call && !result ? call : message },
    { type: 'response.completed', response: { id: 'resp_1', usage } },
  ];
}
