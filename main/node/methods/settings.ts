import { CorridorError } from '../../model/index.ts';
import { diagnosticsOf } from '../diagnostics.ts';
import { healthNow } from '../health-facts.ts';
import { keyUses, takenKey } from '../key-uses.ts';
import { defined, officeOf, type Checked, type Handlers, type NodeContext } from '../node-context.ts';
import { limitsOf } from '../profile.ts';
import { storageOf } from '../storage.ts';

type SettingsMethod =
  'settings' | 'setSettings' | 'storage' | 'health' | 'diagnostics' | 'addAddress' | 'computer';

/** What a person chose, and how the node is. */
export function settingsMethods(node: NodeContext): Pick<Handlers, SettingsMethod> {
  const { profile, addresses } = node;
  return {
    settings: () => profile.shown,
    setSettings: async (settings) => {
      await change(node, settings);
      node.publish({ type: 'settings', settings: profile.shown });
      return profile.shown;
    },
    storage: () => storageOf(node),
    health: () => healthNow(node),
    diagnostics: async () => ({ text: await diagnosticsOf(node) }),
    addAddress: async ({ address }) => {
      officeOf(node);
      const given = addresses.give(address);
      await addresses.save();
      await node.session.lookAt(given);
      return { address: `${given.host}:${given.port}` };
    },
    computer: async ({ event }) => {
      if (event === 'sleep') {
        node.messages.outgoing.release();
        await node.session.sleep();
      } else await node.session.reconnect();
      return { heard: true };
    },
  };
}

/** @throws CorridorError `key-taken` where a key would do two things; nothing is changed then */
async function change(node: NodeContext, given: Checked<'setSettings'>): Promise<void> {
  const { profile, roster, sound, messages } = node;
  const { personKeys, ...others } = given;
  const wanted = defined({ ...others, personKeys: personKeys && lastOfEach(personKeys) });
  const uses = keyUses(
    { ...profile.settings, ...wanted },
    (extension) => roster.directory.resolve(extension)[0]?.name,
  );
  const taken = takenKey(uses, Object.keys(wanted));
  if (taken) {
    throw new CorridorError(
      'key-taken',
      `${taken.key} is ${taken.use} already. Choose another key for this.`,
      { details: { key: taken.key, use: taken.setting, person: taken.person } },
    );
  }
  await profile.change(wanted);
  const { microphone, speaker, ready, tones, keepDays, keepMegabytes } = profile.settings;
  if (wanted.tones !== undefined) sound.configure({ microphone, speaker, ready, tones });
  if (wanted.keepDays !== undefined || wanted.keepMegabytes !== undefined) {
    await messages.setLimits(limitsOf({ keepDays, keepMegabytes }));
  }
}

/** Without those that have no key; the last one counts where somebody has two. */
function lastOfEach(keys: readonly { extension: string; key: string | null }[]) {
  const byExtension = new Map(keys.map(({ extension, key }) => [extension, key]));
  return [...byExtension].flatMap(([extension, key]) => (key === null ? [] : [{ extension, key }]));
}
