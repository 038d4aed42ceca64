import { startStdio } from '../../src/stdio.ts';
import { visitor } from './museum-server.ts';
import { museumManifest, openMuseum } from './museum.ts';

/** The museum over stdin and stdout, where something changes all the time: an exhibit of ada's, and one of bob's. */
const museum = openMuseum();
startStdio({
  executor: museum.executor,
  principal: visitor(),
  manifest: museumManifest,
  logger: { error: (_fields, message) => void process.stderr.write(`${message}\n`) },
});
setInterval(() => {
  museum.change('ada', '1');
  museum.change('bob', '2');
}, 20).unref();
