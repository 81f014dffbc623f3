import { CorridorError } from '../../model/index.ts';
import { type Handlers, type NodeContext } from '../node-context.ts';
import { noDevice } from '../sound.ts';

/** The devices, and whether they work. None of it needs an office: first run asks for it too. */
export function soundMethods(node: NodeContext): Pick<Handlers, 'devices' | 'meter' | 'soundTest'> {
  const { sound } = node;
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
  };
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
