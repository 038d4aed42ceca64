/**
 * Lets the assistants themselves connect to a Picard: `node .ci/assistants.mjs [claude|codex]`. Claude Code and Codex
 * are installed from the npm registry (170 MB each, kept in node_modules/.cache), get a home of their own, and are led
 * through what people do: add Picard with a key, or sign in by OAuth, then list its tools and call one. No account of
 * theirs is needed: a script on loopback answers in place of their models.
 * Where an assistant cannot be had, its checks are skipped, and it is said why. Fails when a check does.
 */
import process from 'node:process';
import { claudeCode } from './assistants/claude-code.mjs';
import { codex } from './assistants/codex.mjs';
import { line } from './assistants/expectations.mjs';
import { install, NotToBeHad } from './assistants/install.mjs';
import { startScriptedModel } from './assistants/scripted-model.mjs';
import { startWatchedPicard } from './assistants/watched-picard.mjs';

const [wanted = ''] = process.argv.slice(2);
const assistants = [claudeCode, codex].filter(({ title }) => title.toLowerCase().startsWith(wanted));
const say = (text) => process.stdout.write(`${text}\n`);

const picard = await startWatchedPicard();
const model = await startScriptedModel();
try {
  for (const assistant of assistants) {
    say(`\n${assistant.title} ${assistant.version}`);
    await checkOne(assistant);
  }
} finally {
  model.stop();
  await picard.stop();
}

async function checkOne(assistant) {
  try {
    // Elsewhere they keep tokens in the keychain of whoever runs this.
    if (process.platform !== 'linux') throw new NotToBeHad('its checks run on Linux');
    await assistant.check({ command: await install(assistant), picard, model, check });
  } catch (error) {
    if (!(error instanceof NotToBeHad)) throw error;
    say(`  skipped: ${error.message}`);
  }
}

/** @param {(asked: () => import('./assistants/watched-picard.mjs').Asked[]) => Promise<string | void>} work */
async function check(title, work) {
  const before = picard.asked.length;
  const asked = () => picard.asked.slice(before);
  try {
    const note = await work(asked);
    say(`  ok   ${title}${note ? ` (${note})` : ''}`);
  } catch (error) {
    process.exitCode = 1;
    say(`  FAIL ${title}: ${error.message}`);
    for (const each of asked()) say(`         ${line(each)}`);
  }
}
