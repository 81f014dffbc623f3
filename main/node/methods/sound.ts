import { plainText } from '../../model/index.ts';
import { type Handlers, type NodeContext } from '../node-context.ts';
import { noVoice, refuseSoundTest } from '../sound-test.ts';

/** The devices, and whether they work. None of it needs an office: first run asks for it too. */
export function soundMethods(
  node: NodeContext,
): Pick<Handlers, 'devices' | 'meter' | 'soundTest' | 'tryVoice' | 'tryFlash'> {
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
    tryFlash: () => {
      node.flashes.try();
      return { shown: true };
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
