// electron-builder runs this before it packs. Published packages contain npm's own Electron; packages with another one must be named
// try-outs.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { Arch } = require('electron-builder');

const HERE = `${process.platform}-${process.arch}`;

/**
 * Why these packages must not be made, as a sentence; undefined: they may. A plain folder (`--dir`) for tests may contain any runtime,
 * since nobody installs it.
 * `isTryout`: they are named try-outs, and are not published.
 * `foreign`: the other platform that they are for, although the sound binding was compiled for this one.
 * @param {{ targets: readonly string[], electronDist?: unknown, electronVersion?: string | null, pinned: string, isTryout?: boolean, foreign?: string }} asked
 */
export function whyNotPack({ targets, electronDist, electronVersion, pinned, isTryout = false, foreign }) {
  const names = targets.filter((target) => target !== 'dir').join(', ');
  if (names === '') return undefined;
  const isPinned = !electronDist && (!electronVersion || electronVersion === pinned);
  if (!isPinned && !isTryout) {
    return `${names} cannot be made around another Electron than the project's own, ${pinned}, unless as a try-out that is never published: use npm run dist.`;
  }
  if (foreign) {
    return `${names} for ${foreign} cannot be made on ${HERE}: the sound binding in it would be of ${HERE}. Run npm run dist there.`;
  }
  return undefined;
}

/** @param {import('electron-builder').BeforePackContext} context */
export default async function beforePack({ targets, packager, arch, electronPlatformName }) {
  const { electronDist, electronVersion, artifactName, extraMetadata } = packager.config;
  const isTryout =
    extraMetadata?.tryout === true &&
    String(artifactName).includes('-tryout-') &&
    packager.packagerOptions.publish === 'never';
  const wanted = `${electronPlatformName}-${Arch[arch]}`;
  const why = whyNotPack({
    targets: targets.map(({ name }) => name),
    electronDist,
    electronVersion,
    pinned: require('electron/package.json').version,
    isTryout,
    ...(wanted === HERE ? {} : { foreign: wanted }),
  });
  if (why) throw new Error(why);
}
