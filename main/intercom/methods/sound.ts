import { defined, type Handlers, type NodeContext } from '../node-context.ts';

/** The devices, and whether they work. */
export function soundMethods(
  node: NodeContext,
): Pick<Handlers, 'devices' | 'setSound' | 'meter' | 'soundTest'> {
  const { profile, sound } = node;
  return {
    devices: () => sound.devices(),
    setSound: async (chosen) => {
      const { microphone, speaker, ready } = { ...profile.settings, ...defined(chosen) };
      await profile.change({ microphone, speaker, ready });
      sound.configure({ microphone, speaker, ready });
      node.tell({ type: 'settings', settings: profile.shown });
      return node.status();
    },
    meter: ({ on }) => ({ on }),
    soundTest: () => ({ state: 'idle', durationMs: 0 }),
  };
}
