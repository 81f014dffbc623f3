import { join } from 'node:path';
import { Headless } from '../support/headless.ts';

const FIRST_EXTENSION = 101;

/** A node, and the number of its person. */
export interface Numbered {
  readonly extension: string;
  readonly node: Headless;
  readonly api: Headless['api'];
}

/** An office of headless nodes on loopback. */
export class OfficeOf {
  /** Those that are up, in the order in which they were. */
  readonly nodes: Numbered[] = [];
  readonly #dir: string;
  #made = 0;
  #founded: { readonly link: string; readonly address: string } | undefined;

  /** @param dir where their profiles and their sound are */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Starts one more. The first one founds the office, and all others are told its address. */
  async add(): Promise<Numbered> {
    const n = this.#made++;
    const extension = String(FIRST_EXTENSION + n);
    const node = await Headless.start({
      ...{ interface: '127.0.0.1', ready: 'cold', name: `Node ${n}`, extension },
      ...{ office: this.#founded?.link ?? 'new', profile: join(this.#dir, `node-${n}`) },
      speaker: `file:${join(this.#dir, `node-${n}.wav`)}`,
    });
    const added = { extension, node, api: node.api };
    this.nodes.push(added);
    if (this.#founded) await node.api.call('addAddress', { address: this.#founded.address });
    else {
      const { link } = await node.api.call('joinLink');
      const { endpoints } = await node.api.call('status');
      this.#founded = { link, address: `127.0.0.1:${endpoints?.beat}` };
    }
    return added;
  }

  /** The one that the others elected. */
  async switch(): Promise<Numbered | undefined> {
    const roles = await Promise.all(this.nodes.map(async ({ api }) => (await api.call('status')).role));
    return this.nodes[roles.indexOf('switch')];
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(({ node }) => node.stop()));
  }
}
