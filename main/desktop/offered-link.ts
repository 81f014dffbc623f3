import { app } from 'electron';
import type { NodeApi } from '../../preload/api.ts';
import { serveLink } from './bridge.ts';
import { SCHEME, type DeepLink } from './deep-link.ts';

export interface OfferedLinkOptions {
  readonly api: NodeApi;
  /** Shows the panel. */
  readonly open: () => void;
  readonly contents: () => Electron.WebContents | undefined;
  readonly log: (line: string) => void;
}

/** What happens with a link: the panel is shown and asks. Nobody joins an office and no microphone opens by a link alone. */
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
      // Whom the talk key reaches from now on stands in the panel that opens.
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
 * Says to the system that links are for this app. On Linux the package's desktop file says so. `--` keeps whatever a link holds
 * from being read as an option.
 */
export function claimLinks(): void {
  if (!app.isPackaged || process.platform === 'linux') return;
  app.setAsDefaultProtocolClient(SCHEME, process.execPath, ['--']);
}
