// electron-builder runs this when an app's folder is complete and not signed yet. It removes the permissions that Corridor does not use
// from macOS' property lists.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import plist from 'plist';

/** Keys of Electron's own list that ask for permissions which the panel does not use. */
const NOT_ASKED_FOR = ['NSCameraUsageDescription', 'NSBluetoothAlwaysUsageDescription'].concat([
  'NSBluetoothPeripheralUsageDescription',
  'NSAudioCaptureUsageDescription',
  // Electron's list allows arbitrary loads; the panel loads nothing from the network.
  'NSAppTransportSecurity',
]);

/**
 * The text of an Info.plist without these keys.
 * @param {string} text
 */
export function tidyPropertyList(text) {
  const list = plist.parse(text);
  for (const key of NOT_ASKED_FOR) delete list[key];
  return plist.build(list);
}

/** @param {import('electron-builder').AfterPackContext} context */
export default async function afterPack({ electronPlatformName, appOutDir, packager }) {
  if (electronPlatformName !== 'darwin') return;
  const file = join(appOutDir, `${packager.appInfo.productFilename}.app`, 'Contents', 'Info.plist');
  writeFileSync(file, tidyPropertyList(readFileSync(file, 'utf8')));
}
