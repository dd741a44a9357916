/** One page in either browser, by what both are asked alike; and what a person does there: look, and press what has these words. */
import { launchBrowser, openPage } from './browser.ts';
import { Firefox, type FirefoxLook } from './firefox.ts';
import { until } from './until.ts';

export interface Tab {
  /** What the page complained about. */
  readonly complaints: readonly string[];
  evaluate(expression: string): Promise<unknown>;
  click(selector: string): Promise<void>;
  press(...keys: readonly string[]): Promise<void>;
  goto(url: string): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  close(): Promise<void>;
}

export const BROWSERS: readonly {
  readonly program: string;
  readonly open: (url: string, look?: FirefoxLook) => Promise<Tab>;
}[] = [
  { program: 'chromium', open: openChromium },
  { program: 'firefox-esr', open: openFirefox },
];

async function openChromium(url: string, look: FirefoxLook = {}): Promise<Tab> {
  const browser = await launchBrowser();
  try {
    const { page, complaints } = await openPage(browser, url, look);
    return {
      complaints,
      evaluate: (expression) => page.evaluate(expression),
      click: (selector) => page.locator(selector).first().click(),
      press: async (...keys) => {
        for (const key of keys) await page.keyboard.press(key);
      },
      goto: async (to) => {
        await page.goto(to);
      },
      resize: (width, height) => page.setViewportSize({ width, height }),
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

export async function openFirefox(url: string, look: FirefoxLook = {}): Promise<Firefox> {
  const firefox = await Firefox.launch(look);
  try {
    await firefox.goto(url);
    return firefox;
  } catch (error) {
    await firefox.close();
    throw error;
  }
}

/** A selector in an expression for the page. */
export const found = (selector: string) => `document.querySelector(${JSON.stringify(selector)})`;

export class Person {
  readonly #tab: Tab;

  constructor(tab: Tab) {
    this.#tab = tab;
  }

  /** Waits until an expression is true; what it asks for may not be there yet. */
  async sees(expression: string): Promise<void> {
    let refused = '';
    await until(
      async () => {
        try {
          return (await this.#tab.evaluate(expression)) === true;
        } catch (error) {
          refused = `, which throws ${(error as Error).message}`;
          return false;
        }
      },
      () => `${expression}${refused}`,
    );
  }

  /** Waits until something is there to be seen. */
  finds(selector: string): Promise<void> {
    return this.sees(`${found(selector)}.checkVisibility()`);
  }

  /** Waits until some element reads so. */
  async reads(selector: string, pattern: RegExp): Promise<void> {
    let last = '';
    await until(
      async () => {
        last = String(
          await this.#tab
            .evaluate(
              `[...document.querySelectorAll(${JSON.stringify(selector)})].filter((one) => one.checkVisibility()).map((one) => one.textContent).join('\\n')`,
            )
            .catch((error: Error) => error.message),
        );
        return pattern.test(last);
      },
      () => `${selector} to read ${pattern}; it reads ${last.slice(0, 500)}`,
    );
  }

  /** Presses the first control in sight with these words, or this name. */
  async presses(words: string, within = 'body'): Promise<void> {
    await this.sees(`(() => {
      document.querySelectorAll('[data-pressed]').forEach((old) => old.removeAttribute('data-pressed'));
      const named = (control) => control.textContent.trim() === ${JSON.stringify(words)} || control.ariaLabel === ${JSON.stringify(words)};
      const control = [...document.querySelectorAll(${JSON.stringify(within)} + ' :is(button, a)')].find(
        (one) => named(one) && one.checkVisibility() && !one.disabled,
      );
      control?.setAttribute('data-pressed', '');
      return control !== undefined;
    })()`);
    await this.#tab.click('[data-pressed]');
  }

  /** Puts a value into a field, as typing does. */
  async fills(selector: string, value: string): Promise<void> {
    await this.finds(selector);
    await this.#tab.evaluate(`(() => {
      const field = ${found(selector)};
      field.value = ${JSON.stringify(value)};
      for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));
      field.focus();
    })()`);
  }
}
