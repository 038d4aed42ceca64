import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { accessibilityProblems } from './chromium.ts';
import { ChromiumStage } from './pages-chromium-stage.ts';

/** A folder to keep pictures in, for whoever would like to see them. */
const pictures = process.env['PICARD_TEST_PICTURES'];

const VIEWS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [320, 1280].map((width) => ({ colorScheme, width })),
);

/** A stage with one tab, and a look at what it shows in every theme and width. */
export class Looks implements AsyncDisposable {
  readonly stage: ChromiumStage;
  readonly page: Page;
  /** What the policy of a page forbade the page itself, and what failed in its script. */
  readonly #violations: string[] = [];

  private constructor(stage: ChromiumStage, page: Page) {
    this.stage = stage;
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
        this.#violations.push(message.text());
    });
    page.on('pageerror', (error) => this.#violations.push(error.message));
  }

  static async open(): Promise<Looks> {
    const stage = await ChromiumStage.open();
    // What moves is looked at when it has come to rest.
    const context = await stage.newContext({ reducedMotion: 'reduce' });
    return new Looks(stage, await context.newPage());
  }

  async open(path: string): Promise<void> {
    await this.page.goto(new URL(path, this.stage.pages.url).href);
  }

  async fill(label: string, text: string): Promise<void> {
    await this.page.getByLabel(label).fill(text);
  }

  async press(button: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).click();
  }

  /** Nothing that axe finds, nothing too small to hit, no scrolling sideways, the policy kept. */
  async check(name: string): Promise<void> {
    const { page } = this;
    for (const { colorScheme, width } of VIEWS) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      const view = `${name} ${colorScheme} ${width}`;
      if (pictures) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: join(pictures, `${view.replaceAll(' ', '-')}.png`), fullPage: true });
      }
      expect(await accessibilityProblems(page), view).toEqual([]);
      expect(await smallTargets(page), view).toEqual([]);
      const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
      expect(wide, `${view} scrolls sideways`).toBe(false);
    }
    expect(this.#violations).toEqual([]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stage[Symbol.asyncDispose]();
  }
}

/** What can be pressed and is less than 24 pixels wide or high (WCAG 2.2, criterion 2.5.8), without exceptions. */
async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('a, button, input:not([type=hidden]), select')]
      .filter((element) => element.checkVisibility())
      .filter((element) => {
        const { width, height } = element.getBoundingClientRect();
        return width < 24 || height < 24;
      })
      .map((element) => element.outerHTML),
  );
}
