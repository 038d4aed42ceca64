import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';

/**
 * A session of Claude Code that a program drives, as editors do: requests and answers are lines of JSON.
 * @param {import('./room.mjs').Room} room
 */
export function openSession(room) {
  const args = ['-p', '--verbose', '--input-format', 'stream-json', '--output-format', 'stream-json'];
  const { child, ended } = room.start(args);
  child.stderr.resume();
  /** @type {Map<string, (answer: any) => void>} */
  const waiting = new Map();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line);
    if (message.type === 'control_response') waiting.get(message.response.request_id)?.(message.response);
  });
  return {
    async request(subtype, more = {}) {
      const request_id = `request-${waiting.size}`;
      const answered = new Promise((resolve) => waiting.set(request_id, resolve));
      const request = { subtype, ...more };
      child.stdin.write(`${JSON.stringify({ type: 'control_request', request_id, request })}\n`);
      const answer = await Promise.race([answered, ended]);
      assert.equal(answer?.subtype, 'success', `${subtype}: ${answer?.error ?? 'the session ended'}`);
      return answer.response;
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
