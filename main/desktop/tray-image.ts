import { nativeImage, type NativeImage } from 'electron';
import { drawTrayIcon, type TrayState } from './tray-icon.ts';

/** Pixels a point that screens have. */
const SCALES = [1, 1.5, 2];

/** The icon for a state, `points` wide, drawn anew for each kind of screen rather than scaled. */
export function trayImage(state: TrayState, points: number): NativeImage {
  const image = nativeImage.createEmpty();
  for (const scaleFactor of SCALES) {
    const size = Math.round(points * scaleFactor);
    const buffer = Buffer.from(drawTrayIcon(state, size));
    image.addRepresentation({ scaleFactor, width: size, height: size, buffer });
  }
  return image;
}
