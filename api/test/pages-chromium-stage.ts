import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { describe } from 'vitest';
import { chromiumPath, launchChromium } from './chromium.ts';
import { startLoopbackApp, type LoopbackApp } from './loopback-app.ts';
import { PagesStage, PASSWORD, type AppOptions } from './pages-stage.ts';

/** Tests that need a browser; where there is none they are skipped, but never in CI. */
export const inChromium = (tests: () => void): void => {
  describe.skipIf(!chromiumPath && !process.env['CI'])(
    'in Chromium (skipped where there is none on the PATH)',
    tests,
  );
};

/** A server, Anna who has an account there, an app on this machine, and Chromium between them. */
export class ChromiumStage implements AsyncDisposable {
  readonly pages: PagesStage;
  readonly app: LoopbackApp;
  readonly clientId: string;
  readonly #browser: Browser;

  private constructor(pages: PagesStage, app: LoopbackApp, clientId: string, browser: Browser) {
    this.pages = pages;
    this.app = app;
    this.clientId = clientId;
    this.#browser = browser;
  }

  static async open(): Promise<ChromiumStage> {
    const pages = await PagesStage.open();
    await pages.person('anna');
    const app = await startLoopbackApp();
    return new ChromiumStage(pages, app, await pages.app(app), await launchChromium());
  }

  /** A browser of somebody else's, which knows nothing. */
  async newContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    return this.#browser.newContext(options);
  }

  /** What the app opens, and the proof key to redeem the code with. */
  authorization(options: AppOptions = {}): { url: URL; verifier: string } {
    return this.pages.authorization(this.clientId, { ...this.app, ...options });
  }

  /** Where the server is reached, but not by its public URL: at the number of this machine. */
  atAnotherAddress(url: URL): URL {
    const other = new URL(url);
    other.host = this.pages.listensAt.host;
    return other;
  }

  /** With the password, until the consent is asked for. */
  async signIn(page: Page): Promise<void> {
    await page.getByLabel('Handle').fill('anna');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForSelector('text=Use another account');
  }

  /** Waits until the browser is back in the app; answers what the app was told. */
  async backInApp(page: Page): Promise<URLSearchParams> {
    await page.waitForURL(`${this.app.site}/done?**`);
    return new URL(page.url()).searchParams;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    this.app.close();
    await this.pages[Symbol.asyncDispose]();
  }
}
