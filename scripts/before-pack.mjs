// electron-builder runs this before it packs: no package is ever made around a runtime that is not npm's own Electron.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Arch } = require('electron-builder');

const HERE = `${process.platform}-${process.arch}`;

/** Fuses that older runtimes do not have, and since which major version Electron has them. */
const FUSES_SINCE = { grantFileProtocolExtraPrivileges: 29 };

/**
 * Why these packages must not be made, as a sentence; undefined where they may. A plain folder (`--dir`) for tests may hold
 * any runtime: nobody installs it.
 * `foreign`: they are for other computers than this one, whose sound binding was compiled here.
 * @param {{ targets: readonly string[], electronDist?: unknown, electronVersion?: string | null, pinned: string, foreign?: string }} asked
 */
export function whyNotPack({ targets, electronDist, electronVersion, pinned, foreign }) {
  if (targets.every((target) => target === 'dir')) return undefined;
  const names = targets.filter((target) => target !== 'dir').join(', ');
  const rule = 'a runtime for tests never goes into an installer';
  if (electronDist) return `${names} cannot be made around a runtime from a folder of one's own: ${rule}.`;
  if (electronVersion && electronVersion !== pinned) {
    return `${names} cannot be made around Electron ${electronVersion}, the project's is ${pinned}: ${rule}.`;
  }
  if (foreign) {
    return `${names} for ${foreign} cannot be made on ${HERE}: the sound binding in it would be of ${HERE}. Run npm run dist there.`;
  }
  return undefined;
}

/** @param {import('electron-builder').BeforePackContext} context */
export default async function beforePack({ targets, packager, arch, electronPlatformName }) {
  const { config } = packager;
  const { version: pinned } = require('electron/package.json');
  const { electronDist, electronVersion } = config;
  const names = targets.map(({ name }) => name);
  const wanted = `${electronPlatformName}-${Arch[arch]}`;
  const foreign = wanted === HERE ? undefined : wanted;
  const why = whyNotPack({ targets: names, electronDist, electronVersion, pinned, foreign });
  if (why) throw new Error(why);
  const major = Number((electronVersion ?? pinned).split('.')[0]);
  for (const [fuse, since] of Object.entries(FUSES_SINCE)) {
    if (major < since && config.electronFuses) delete config.electronFuses[fuse];
  }
}
