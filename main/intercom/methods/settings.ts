import { memberOf, defined, type Handlers, type NodeContext } from '../node-context.ts';

type SettingsMethod =
  'settings' | 'setSettings' | 'storage' | 'health' | 'diagnostics' | 'addAddress' | 'computer';

/** What a person chose, and how the node is. */
export function settingsMethods(node: NodeContext): Pick<Handlers, SettingsMethod> {
  const { profile, addresses } = node;
  return {
    settings: () => profile.shown,
    setSettings: async (settings) => {
      await profile.change(defined(settings));
      node.tell({ type: 'settings', settings: profile.shown });
      return profile.shown;
    },
    storage: () => ({ messages: 0, bytes: 0, keptForOthers: 0, freeBytes: null }),
    health: () => ({ switch: null, standby: null, nodes: [], checks: [] }),
    diagnostics: () => ({ text: '' }),
    addAddress: async ({ address }) => {
      const member = memberOf(node);
      const given = addresses.give(address);
      await addresses.save();
      await member.lookAt(given);
      return { address: `${given.host}:${given.port}` };
    },
    computer: async ({ event }) => {
      await (event === 'sleep' ? node.attendance.sleep() : node.attendance.reconnect());
      return { heard: true };
    },
  };
}
