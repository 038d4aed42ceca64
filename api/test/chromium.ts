import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const FLAGS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update ' +
  '--disable-sync';

/** The browser that this machine has; undefined without one. */
export const chromiumPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

export const launchChromium = (): Promise<Browser> => {
  if (!chromiumPath)
    throw new Error('These tests need Chromium on the PATH: apt-get install chromium, or another one');
  return chromium.launch({ executablePath: chromiumPath, args: FLAGS.split(' ') });
};

/** What breaks WCAG 2.2 AA or good practice, as far as a program can tell: one line each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Through the debugger, so that the page's own policy need not allow it.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(async () => {
    const tool = (globalThis as unknown as { axe: typeof axe }).axe;
    return tool.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
  });
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ html }) => html).join(', ')})`,
  );
}
