import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Person, connectHost, eras, send } from '../test/conformance/hosts.ts';
import { type MuseumServer, startMuseumServer, visitor } from '../test/conformance/museum-server.ts';

const CLOSE = 'test_input_required_result_request_state';

let server: MuseumServer;
beforeAll(async () => {
  server = await startMuseumServer({ bob: visitor({ userId: 'bob' }) });
});
afterAll(() => server[Symbol.asyncDispose]());

const person = (action: Person['action'], content?: Person['content']): Person => ({
  action,
  asked: [],
  ...(content ? { content } : {}),
});

describe.each(eras)('what is to be confirmed, %s', (era) => {
  const close = async (who: Person | undefined, args: Record<string, unknown>) => {
    const client = await connectHost(server.url, era, who ? { person: who } : {});
    const result = await client.callTool({ name: CLOSE, arguments: args });
    await client.close();
    return result;
  };

  it('is done after the person agreed to what is told in their words', async () => {
    const ada = person('accept');
    const result = await close(ada, { names: ['north', 'south'] });
    expect(result.structuredContent).toEqual({ closing: { closed: ['north', 'south'], note: 'state-ok' } });
    expect(ada.asked).toEqual(['Please confirm: close 2 rooms?']);
  });

  it.each(['decline', 'cancel'] as const)('is not done after %s', async (action) => {
    const result = await close(person(action), { names: ['north'] });
    expect(result).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('NOT_CONFIRMED') }],
    });
  });

  it('is asked of the person although the model says that it was', async () => {
    const ada = person('decline');
    expect(await close(ada, { names: ['north'], confirmed: true })).toMatchObject({ isError: true });
    expect(ada.asked).toHaveLength(1);
  });

  it('is asked through the model where the host cannot ask, and done when the model says so', async () => {
    const refused = await close(undefined, { names: ['north'] });
    expect(refused).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/CONFIRMATION_REQUIRED.*close 1 rooms\?/s) }],
    });
    const done = await close(undefined, { names: ['north'], confirmed: true });
    expect(done.structuredContent).toHaveProperty('closing.closed', ['north']);
  });
});

describe.each(eras)('what is asked for a variable, %s', (era) => {
  const call = async (name: string, who: Person | undefined) => {
    const client = await connectHost(server.url, era, who ? { person: who } : {});
    const result = await client.callTool({ name, arguments: {} }).catch((error: unknown) => ({ error }));
    await client.close();
    return result;
  };

  it('reaches the operation', async () => {
    const ada = person('accept', { name: 'Ada' });
    expect(await call('test_input_required_result_elicitation', ada)).toMatchObject({
      content: [{ type: 'text', text: 'Hello, Ada.' }],
    });
  });

  it('is no answer when it does not fit the form: it is asked again, and never run', async () => {
    const ada = person('accept', { surname: 'Lovelace' });
    expect(JSON.stringify(await call('test_input_required_result_elicitation', ada))).not.toContain('Hello');
    expect(ada.asked.length).toBeGreaterThan(1);
  });

  it('stops the operation when the person declines what it needs', async () => {
    expect(await call('test_input_required_result_elicitation', person('decline'))).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('NOT_ANSWERED') }],
    });
  });

  it('is left out when it may be and the host cannot ask', async () => {
    expect(await call('test_input_required_result_capabilities', undefined)).toMatchObject({
      content: [{ text: 'Hello, stranger.' }, { text: 'LLM response: ' }],
    });
  });

  it('is refused with the capability it needs when it must be and the host cannot', async () => {
    expect(JSON.stringify(await call('test_missing_capability', undefined))).toMatch(/capabilit/i);
  });

  it('is no argument', async () => {
    const client = await connectHost(server.url, era);
    const { tools } = await client.listTools();
    const tool = tools.find(({ name }) => name === 'test_input_required_result_elicitation');
    expect(tool?.inputSchema.properties).toEqual({});
    await client.close();
  });
});

describe('the state of a call with rounds', () => {
  const round = async (args: object, more: object = {}, token = 'full') => {
    const response = await send(
      server.url,
      'tools/call',
      { name: CLOSE, arguments: args, ...more },
      { token },
    );
    return JSON.parse(await response.text());
  };
  const accepted = { inputResponses: { confirm: { action: 'accept', content: {} } } };

  it('is good for the call it was made for', async () => {
    const { result } = await round({ names: ['north'] });
    expect(result.resultType).toBe('input_required');
    const done = await round({ names: ['north'] }, { ...accepted, requestState: result.requestState });
    expect(done.result.structuredContent).toHaveProperty('closing.note', 'state-ok');
  });

  it('is asked for again with other arguments, by another person, and without it', async () => {
    const { result } = await round({ names: ['north'] });
    const { requestState } = result;
    const others = [
      await round({ names: ['north', 'south'] }, { ...accepted, requestState }),
      await round({ names: ['north'] }, { ...accepted, requestState }, 'bob'),
      await round({ names: ['north'] }, accepted),
    ];
    expect(others.map((other) => other.result.resultType)).toEqual(Array(3).fill('input_required'));
  });

  it('is refused when it was changed, or sealed by another server', async () => {
    const { result } = await round({ names: ['north'] });
    const tampered = await round(
      { names: ['north'] },
      { ...accepted, requestState: `${result.requestState}x` },
    );
    expect(tampered.error).toMatchObject({ code: -32_602 });
    const other = await startMuseumServer({}, { stateKey: new Uint8Array(32).fill(7) });
    const foreign = await send(other.url, 'tools/call', {
      name: CLOSE,
      arguments: { names: ['north'] },
      ...accepted,
      requestState: result.requestState,
    });
    expect(await foreign.json()).toMatchObject({ error: { code: -32_602 } });
    await other[Symbol.asyncDispose]();
  });

  it('is good in every process that has the key', async () => {
    const key = { stateKey: new Uint8Array(32).fill(9) };
    const [one, two] = [await startMuseumServer({}, key), await startMuseumServer({}, key)];
    const call = { name: CLOSE, arguments: { names: ['north'] } };
    const asked = JSON.parse(await (await send(one.url, 'tools/call', call)).text());
    const { requestState } = asked.result;
    const done = await send(two.url, 'tools/call', { ...call, ...accepted, requestState });
    expect(await done.json()).toHaveProperty('result.structuredContent.closing.note', 'state-ok');
    await one[Symbol.asyncDispose]();
    await two[Symbol.asyncDispose]();
  });
});

it('REST wants the word of the person too', async () => {
  const call = (data: object) =>
    fetch(new URL('/api/tools', server.url), {
      method: 'POST',
      headers: { authorization: 'Bearer full', 'content-type': 'application/json' },
      body: JSON.stringify({ tool: CLOSE, data }),
    });
  const refused = await call({ names: ['north'] });
  expect(refused.status).toBe(428);
  expect(await refused.json()).toHaveProperty('error.code', 'CONFIRMATION_REQUIRED');
  expect((await call({ names: ['north'], confirmed: true })).status).toBe(200);
});
