import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { connectLocalSocket, type RemoteNode } from '../../main/transports/index.ts';
import type { NodeEvent } from '../../preload/api.ts';
import { CORRIDOR } from './headless.ts';

const CHROMIUM = '/usr/bin/chromium';
const START_MS = 15_000;
/** In a container Chromium's sandbox and the GPU are not to be had. */
const IN_TESTS = ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'];

/** Why there is no browser to try with; undefined where there is one. */
export function missingBrowser(): string | undefined {
  return existsSync(CHROMIUM) ? undefined : 'Chromium is not installed (Debian: chromium)';
}

interface Started {
  readonly node: ChildProcess;
  readonly api: Promise<RemoteNode>;
}

export interface BrowserPanelOptions {
  readonly profile: string;
  /** Of `corridor node`, besides the profile and the panel. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly size?: { readonly width: number; readonly height: number };
  readonly hasTouch?: boolean;
}

/** A headless node with its panel open in a real browser, as a person on a machine without a desktop shell has it. */
export class BrowserPanel {
  readonly page: Page;
  readonly context: BrowserContext;
  api: RemoteNode;
  readonly events: NodeEvent[] = [];
  /** What the page said that it should not have: errors, refused loads. */
  readonly complaints: string[] = [];
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
    api.onEvent((event) => this.events.push(event));
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
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
      return { node, api: connect(profile, node, () => printed) };
    };
    const { node, api: connecting } = spawnNode([]);
    let browser: Browser | undefined;
    try {
      const api = await connecting;
      browser = await chromium.launch({ executablePath: CHROMIUM, args: IN_TESTS });
      const context = await browser.newContext({ viewport: size, hasTouch, locale: 'en-GB' });
      const page = await context.newPage();
      page.setDefaultTimeout(8000);
      const panel = new BrowserPanel(spawnNode, node, api, browser, context, page);
      await page.goto(await panel.newAddress());
      return panel;
    } catch (error) {
      await browser?.close();
      await end(node);
      throw error;
    }
  }

  /** As `corridor panel` prints it. */
  async newAddress(): Promise<string> {
    return ((await this.api.ask('panel')) as { address: string }).address;
  }

  /** Resolves once something told from `from` on passes. */
  async told(passes: (event: NodeEvent) => boolean, from = 0, withinMs = 8000): Promise<NodeEvent> {
    const until = performance.now() + withinMs;
    for (;;) {
      const found = this.events.slice(from).find(passes);
      if (found) return found;
      if (performance.now() > until) {
        const seen = this.events.slice(from).map(({ type }) => type);
        throw new Error(`not told within ${withinMs} ms; told: ${seen.slice(-30).join(' ')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends the node and starts it again, its panel on the same port. */
  async restart(meanwhile: () => Promise<void>): Promise<void> {
    const { port } = new URL(this.page.url());
    this.api.close();
    await end(this.#node);
    await meanwhile();
    const { node, api } = this.#spawn(['--panel', port]);
    this.#node = node;
    this.api = await api;
    this.api.onEvent((event) => this.events.push(event));
  }

  async stop(): Promise<void> {
    this.api.close();
    await this.#browser.close();
    await end(this.#node);
  }
}

async function connect(profile: string, node: ChildProcess, printed: () => string): Promise<RemoteNode> {
  const until = performance.now() + START_MS;
  for (;;) {
    try {
      const api = await connectLocalSocket(profile);
      await api.call('status');
      return api;
    } catch (error) {
      if (node.exitCode !== null || performance.now() > until) {
        throw new Error(`the node does not answer (${node.exitCode}): ${printed()}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function end(node: ChildProcess): Promise<void> {
  if (node.exitCode !== null || node.signalCode !== null) return;
  const exited = new Promise((resolve) => node.once('exit', resolve));
  node.kill('SIGTERM');
  const force = setTimeout(() => node.kill('SIGKILL'), 5000);
  await exited;
  clearTimeout(force);
}
