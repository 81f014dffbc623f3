import { app } from 'electron';
import type { NodeApi } from '../../preload/api.ts';
import { serveLink } from './bridge.ts';
import { SCHEME, type DeepLink } from './deep-link.ts';

interface OfferedLinkOptions {
  readonly api: NodeApi;
  /** Shows the panel. */
  readonly open: () => void;
  readonly contents: () => Electron.WebContents | undefined;
  readonly log: (line: string) => void;
}

/** Shows a link in the panel, which asks the person. A link alone joins no office and opens no microphone. */
export class OfferedLink {
  readonly #options: OfferedLinkOptions;
  readonly #tell: () => void;
  /** The join link that the panel has not taken yet; a later one replaces it. */
  #waiting: string | null = null;

  constructor(options: OfferedLinkOptions) {
    this.#options = options;
    this.#tell = serveLink(options.contents, () => this.#take());
  }

  offer(link: DeepLink): void {
    const { api, open, log } = this.#options;
    if (link.kind === 'join') {
      this.#waiting = link.link;
      this.#tell();
    } else {
      // The panel that opens shows whom the talk key reaches from now on.
      api
        .call('dial', { dial: link.extension })
        .catch((error: unknown) => log(`A link to ${link.extension} came to nothing: ${String(error)}`));
    }
    open();
  }

  #take(): string | null {
    const link = this.#waiting;
    this.#waiting = null;
    return link;
  }
}

/**
 * Registers this app for links with the system; on Linux the package's desktop file does. `--` keeps the app from reading a link as
 * an option.
 */
export function claimLinks(): void {
  if (!app.isPackaged || process.platform === 'linux') return;
  app.setAsDefaultProtocolClient(SCHEME, process.execPath, ['--']);
}
