import type { AudioDevice, AudioPort } from './audio-port.ts';
import type { WorkerEvent } from './protocol.ts';

/** The answer to `list-devices`. */
export function devicesOf(audio: Pick<AudioPort, 'devices'>, request: number): WorkerEvent {
  const devices = audio.devices();
  const of = (kind: AudioDevice['kind']) =>
    devices.filter((device) => device.kind === kind).map(({ name, isDefault }) => ({ name, isDefault }));
  return { type: 'devices', request, microphones: of('microphone'), speakers: of('speaker') };
}
