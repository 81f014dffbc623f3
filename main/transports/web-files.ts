import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
};
const INDEX = '/index.html';
/** The page has a policy of its own for use without a server. Here the header's policy replaces it. */
const OWN_POLICY = /<meta\s+http-equiv="Content-Security-Policy"[^>]*>/i;

interface WebFile {
  readonly type: string;
  readonly body: Buffer;
}

/**
 * The panel's files by request path. They are looked up in a list that was made beforehand; no file path is ever built from a request.
 */
export class WebFiles {
  readonly #folder: string;
  #paths: ReadonlyMap<string, string> = new Map();

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async list(folder: string): Promise<WebFiles> {
    const files = new WebFiles(folder);
    await files.#list();
    return files;
  }

  /** Whether the panel is built. */
  get isThere(): boolean {
    return this.#paths.has(INDEX);
  }

  /** The file of that path; undefined where there is none. */
  async read(path: string): Promise<WebFile | undefined> {
    const wanted = path === '/' ? INDEX : path;
    // File names contain hashes, so a rebuilt panel has other files.
    if (wanted === INDEX) await this.#list();
    const file = this.#paths.get(wanted);
    const type = TYPES[wanted.slice(wanted.lastIndexOf('.') + 1)];
    if (file === undefined || type === undefined) return undefined;
    const body = await readFile(file).catch(() => undefined);
    if (!body) return undefined;
    return { type, body: wanted === INDEX ? Buffer.from(body.toString().replace(OWN_POLICY, '')) : body };
  }

  async #list(): Promise<void> {
    const paths = new Map<string, string>();
    const look = async (folder: string, path: string): Promise<void> => {
      for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
        if (entry.isDirectory()) await look(join(folder, entry.name), `${path}${entry.name}/`);
        else if (entry.isFile()) paths.set(`${path}${entry.name}`, join(folder, entry.name));
      }
    };
    await look(this.#folder, '/');
    this.#paths = paths;
  }
}
