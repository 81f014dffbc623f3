import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

export const SCREENSHOTS = new URL('../../test-results/screenshots', import.meta.url).pathname;

/** The size at which the panel opens, and one that shows messages beside people. */
export const SIZES = {
  narrow: { width: 400, height: 680 },
  wide: { width: 1000, height: 700 },
} as const;

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** How long the panel may take to ask for waveforms and draw them. */
const WAVEFORMS_MS = 1500;

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly help: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
}

interface LookOptions {
  readonly resize: (size: { readonly width: number; readonly height: number }) => Promise<void>;
  /** Only these sizes; left out: both. */
  readonly sizes?: readonly (keyof typeof SIZES)[];
}

/**
 * Looks at a screen in both widths and both colour schemes. Writes a picture of each into test-results/screenshots, and returns the faults:
 * violations that axe-core finds, and elements that overflow to the side.
 */
export async function look(page: Page, name: string, options: LookOptions): Promise<string[]> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const wrong: string[] = [];
  for (const size of options.sizes ?? (['narrow', 'wide'] as const)) {
    await options.resize(SIZES[size]);
    await drawn(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const what = `${name}-${size}-${colorScheme}`;
      await page.screenshot({ animations: 'disabled', path: join(SCREENSHOTS, `${what}.png`) });
      // Each scheme and each width once, since each look takes a second.
      if ((size === 'narrow') !== (colorScheme === 'light')) continue;
      for (const violation of await violations(page)) wrong.push(`${what}: ${violation}`);
    }
    for (const element of await outside(page)) wrong.push(`${name}-${size}: stands out: ${element}`);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  return wrong;
}

/** The violations that axe-core finds in the page now (WCAG 2.2 A and AA, and its best practices). */
export async function violations(page: Page): Promise<string[]> {
  // Evaluated from outside, since the page's policy forbids further scripts.
  await page.evaluate(AXE);
  const { violations: found } = await page.evaluate<AxeResult>(
    "axe.run(document, { resultTypes: ['violations'], preload: false, elementRef: false })",
  );
  return found.map(({ id, help, nodes }) => {
    const where = nodes.slice(0, 2).map(({ html, failureSummary }) => {
      return `${html.slice(0, 160)} (${failureSummary?.replace(/\s+/g, ' ').slice(0, 240) ?? ''})`;
    });
    return `${id}: ${help}: ${nodes.length}×: ${where.join(' | ')}`;
  });
}

/** Waits for the layout, and for waveforms, which the panel asks for once the list rests; a message without sound keeps its line. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  );
  const isDrawn = () =>
    [...document.querySelectorAll('.waveform path')].every(
      (path) => !/^M0 1H[0-9]+$/.test(path.getAttribute('d') ?? ''),
    );
  await page.waitForFunction(isDrawn, undefined, { timeout: WAVEFORMS_MS }).catch(() => undefined);
}

function outside(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('#panel *')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
      .map((element) => element.outerHTML.slice(0, 100)),
  );
}
