import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { panel as en } from '../../i18n/en/panel.ts';
import type { RemoteNode } from '../../main/transports/index.ts';
import type { NodeEvent } from '../../preload/api.ts';
import { CORRIDOR } from './headless.ts';
import { connectNode, endProgram } from './program.ts';

const CHROMIUM = '/usr/bin/chromium';
/** How long an element, an event or the node is waited for, ms: far more than any computer needs. */
const PATIENCE_MS = 20_000;
/** A container has neither a GPU nor what Chromium's sandbox needs. */
const IN_TESTS = ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'];

/** Why there is no browser for tests; undefined: there is one. */
export function missingBrowser(): string | undefined {
  return existsSync(CHROMIUM) ? undefined : 'Chromium is not installed (Debian: chromium)';
}

interface Started {
  readonly node: ChildProcess;
  readonly api: Promise<RemoteNode>;
}

interface BrowserPanelOptions {
  readonly profile: string;
  /** Further arguments of `corridor node`, besides the profile and the panel. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly size?: { readonly width: number; readonly height: number };
  readonly hasTouch?: boolean;
}

/** A headless node with its panel open in a real browser. */
export class BrowserPanel {
  readonly page: Page;
  readonly context: BrowserContext;
  api: RemoteNode;
  readonly events: NodeEvent[] = [];
  /** Errors that the page logged: exceptions, refused loads. Chromium asks for an icon by itself; none is not an error of the page. */
  readonly complaints: string[] = [];
  readonly #looks = new Set<() => void>();
  readonly #browser: Browser;
  readonly #spawn: (panel: readonly string[]) => Started;
  #node: ChildProcess;

  private constructor(
    spawnNode: (panel: readonly string[]) => Started,
    node: ChildProcess,
    api: RemoteNode,
    browser: Browser,
    context: BrowserContext,
    page: Page,
  ) {
    this.#spawn = spawnNode;
    this.#node = node;
    this.api = api;
    this.#browser = browser;
    this.context = context;
    this.page = page;
    this.#listen();
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      const isOfIcon = /favicon/.test(`${message.text()} ${message.location().url}`);
      if (message.type() === 'error' && !isOfIcon) this.complaints.push(message.text());
    });
  }

  static async start(options: BrowserPanelOptions): Promise<BrowserPanel> {
    const { profile, args = [], env = {}, size = { width: 400, height: 680 }, hasTouch = false } = options;
    const command = [CORRIDOR, 'node', '--profile', profile, '--interface', '127.0.0.1', ...args];
    const spawnNode = (panel: readonly string[]): Started => {
      const node = spawn(process.execPath, [...command, ...panel], { env: { ...process.env, ...env } });
      let printed = '';
      for (const stream of [node.stdout, node.stderr]) {
        stream.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-4000)));
      }
      return { node, api: connectNode(profile, { child: node, printed: () => printed }) };
    };
    const { node, api: connecting } = spawnNode([]);
    let browser: Browser | undefined;
    try {
      const api = await connecting;
      browser = await chromium.launch({ executablePath: CHROMIUM, args: IN_TESTS });
      const context = await browser.newContext({ viewport: size, hasTouch, locale: 'en-GB' });
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      const panel = new BrowserPanel(spawnNode, node, api, browser, context, page);
      await page.goto(await panel.newAddress());
      return panel;
    } catch (error) {
      await browser?.close();
      await endProgram(node);
      throw error;
    }
  }

  /** A new address, as `corridor panel` prints it. */
  async newAddress(): Promise<string> {
    return ((await this.api.ask('panel')) as { address: string }).address;
  }

  /** Resolves with the first event from number `from` on that passes. */
  told(passes: (event: NodeEvent) => boolean, from = 0): Promise<NodeEvent> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.events.slice(from).find(passes);
        if (found) end(() => resolve(found));
      };
      const timer = setTimeout(() => {
        const seen = this.events.slice(from).map(({ type }) => type);
        end(() => reject(new Error(`not told within ${PATIENCE_MS} ms; told: ${seen.slice(-30).join(' ')}`)));
      }, PATIENCE_MS);
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.#looks.delete(look);
        settle();
      };
      this.#looks.add(look);
      look();
    });
  }

  /** Ends the node and starts it again, its panel on the same port. */
  async restart(meanwhile: () => Promise<void>): Promise<void> {
    const { port } = new URL(this.page.url());
    this.api.close();
    await endProgram(this.#node);
    await meanwhile();
    const { node, api } = this.#spawn(['--panel', port]);
    this.#node = node;
    this.api = await api;
    this.#listen();
  }

  async stop(): Promise<void> {
    this.api.close();
    await this.#browser.close();
    await endProgram(this.#node);
  }

  #listen(): void {
    this.api.onEvent((event) => {
      this.events.push(event);
      for (const look of [...this.#looks]) look();
    });
  }
}

/** Arguments by which a node sets itself up as this person's; `office`: a join link, or `new`. */
export function asPerson(name: string, extension: string, office: string): readonly string[] {
  return ['--name', name, '--extension', extension, '--office', office];
}

/** Opens a panel and dismisses its first notice. Its node has a cold microphone and a file for a loudspeaker; `who`: its folder in `dir`. */
export async function openQuietPanel(
  dir: string,
  who: string,
  args: readonly string[] = [],
): Promise<BrowserPanel> {
  const quiet = ['--ready', 'cold', '--speaker', `file:${join(dir, `${who}.wav`)}`];
  const panel = await BrowserPanel.start({ profile: join(dir, who), args: [...quiet, ...args] });
  const understood = panel.page.getByRole('button', { name: en.webUnderstood, exact: true });
  await understood.click().catch(async (error: unknown) => {
    await panel.stop();
    throw error;
  });
  return panel;
}
