import { InvalidConfig, readConfig, type Config } from './config.ts';
import { loadEnvironment } from './environment.ts';
import { createLogger } from './open-services.ts';
import { startPicard } from './start-picard.ts';
import { welcome } from './welcome.ts';

/** Starts everything in this process, tells what runs where, and ends in good order when asked to. */
export async function main(): Promise<void> {
  const config = configOrExit();
  const logger = createLogger(config);
  const picard = await startPicard(config, logger).catch((error: unknown) => {
    // What we throw on purpose tells the reader what to do; anything else needs its stack.
    if (error instanceof Error && 'code' in error && error.constructor !== Error)
      process.stderr.write(`${error.message}\n`);
    else logger.fatal({ err: error }, 'Picard could not start');
    process.exit(1);
  });
  process.stdout.write(await welcome(picard));
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    picard.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'Picard did not stop in good order');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function configOrExit(): Config {
  try {
    return readConfig(loadEnvironment());
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

if (import.meta.main) await main();
