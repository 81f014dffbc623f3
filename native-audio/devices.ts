import type { DeviceKind, SoundDevice } from './portaudio.ts';

/** If several host APIs offer the same device (Windows), Corridor prefers the one that comes first here. */
const HOST_API_ORDER = ['Core Audio', 'Windows WASAPI', 'ALSA', 'Windows DirectSound', 'MME', 'OSS'];

/**
 * The devices that `name` can mean, best first: the exact name, else the only one that contains it (in any case).
 * No name means the system's default. Empty if there is none, or if a part of a name fits several devices.
 */
export function findDevices(
  devices: readonly SoundDevice[],
  kind: DeviceKind,
  name: string | undefined,
): readonly SoundDevice[] {
  const candidates = devices
    .filter((device) => device.kind === kind)
    .sort((a, b) => rank(a.hostApi) - rank(b.hostApi));
  if (!name) {
    const preferred = candidates.filter((device) => device.isDefault);
    return preferred.length > 0 ? preferred : candidates.slice(0, 1);
  }
  const exact = candidates.filter((device) => device.name === name);
  if (exact.length > 0) return exact;
  const wanted = name.toLowerCase();
  const partly = candidates.filter((device) => device.name.toLowerCase().includes(wanted));
  return new Set(partly.map((device) => device.name)).size === 1 ? partly : [];
}

function rank(hostApi: string): number {
  const place = HOST_API_ORDER.indexOf(hostApi);
  return place < 0 ? HOST_API_ORDER.length : place;
}
