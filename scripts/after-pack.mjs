// electron-builder runs this when an app's folder is whole and not yet signed: macOS' property lists ask for no more than
// Corridor does.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import plist from 'plist';

/** What Electron's own list asks for on behalf of any page: the panel uses neither. */
const NOT_ASKED_FOR = ['NSCameraUsageDescription', 'NSBluetoothAlwaysUsageDescription'].concat([
  'NSBluetoothPeripheralUsageDescription',
  'NSAudioCaptureUsageDescription',
  // Electron's allows whatever loads; nothing is loaded from anywhere.
  'NSAppTransportSecurity',
]);

/**
 * The text of an Info.plist without what Corridor does not ask for.
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
