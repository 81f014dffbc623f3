import { CorridorError } from '../model/index.ts';
import type { NodeContext } from './node-context.ts';
import { noDevice } from './sound.ts';

/** @throws CorridorError where sound of the computer's own cannot be recorded or played now */
export function refuseSoundTest({ messages, sound }: NodeContext, action: 'record' | 'play'): void {
  if (messages.outgoing.current) {
    throw new CorridorError(
      'talking',
      'You are talking, and the microphone is taken. Let go of the key, then test the sound.',
    );
  }
  const device = action === 'record' ? sound.state.microphone : sound.state.speaker;
  if (device.state !== 'missing' && device.state !== 'failed') return;
  throw noDevice(action === 'record' ? 'no-microphone' : 'no-speaker', device);
}

/** This computer has no voice. */
export function noVoice(): CorridorError {
  return new CorridorError('no-voice-here', 'This computer has no voice. Install one, on Linux espeak-ng.');
}
