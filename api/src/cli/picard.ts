import { describeError } from './cli-error.ts';
import { createProgram } from './program.ts';

const program = createProgram();

// Whoever reads our output may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(describeError(error, program.opts()['verbose'] === true));
  process.exitCode = 1;
}
