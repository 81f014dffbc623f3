import { CorridorError, plainText } from '../../model/index.ts';
import { type Handlers, type NodeContext } from '../node-context.ts';
import { noDevice } from '../sound.ts';

/** The devices, and whether they work. None of it needs an office: first run asks for it too. */
export function soundMethods(
  node: NodeContext,
): Pick<Handlers, 'devices' | 'meter' | 'soundTest' | 'tryVoice'> {
  const { sound, ownVoice } = node;
  return {
    devices: () => sound.devices(),
    meter: ({ on }) => {
      sound.meter(on);
      return { on };
    },
    soundTest: ({ action }) => {
      if (action !== 'stop') refuseSoundTest(node, action);
      return sound.soundTest(action);
    },
    tryVoice: async ({ text, voice, language }) => {
      const plain = plainText(text);
      const pcm = await ownVoice.speak(plain, language ?? ownVoice.languageOf(plain), voice);
      if (!pcm) throw noVoice();
      refuseSoundTest(node, 'play');
      return sound.soundTest('play', pcm);
    },
  };
}

/** This computer has no voice. */
function noVoice(): CorridorError {
  return new CorridorError('no-voice-here', 'This computer has no voice. Install one, on Linux espeak-ng.');
}

/** @throws CorridorError where the test cannot be made now */
function refuseSoundTest({ messages, sound }: NodeContext, action: 'record' | 'play'): void {
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
