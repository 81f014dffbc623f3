import type { SettingName, SettingValues } from '../../../preload/api.ts';
import { CorridorError } from '../../model/index.ts';
import { checkEngine } from '../../speech/index.ts';
import { diagnosticsOf } from '../diagnostics.ts';
import { healthNow } from '../health-facts.ts';
import { limitsNow } from '../keeping.ts';
import { keyUses, takenKey } from '../key-uses.ts';
import { defined, officeOf, type Checked, type Handlers, type NodeContext } from '../node-context.ts';
import { notSaved } from '../profile.ts';
import { OF_SOUND, soundOf } from '../sound.ts';
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
      node.known.refresh();
      node.transcribing.settingsChanged();
      node.captioning.settingsChanged();
      node.publish({ type: 'settings', settings: profile.shown });
      return profile.shown;
    },
    storage: () => storageOf(node),
    health: () => healthNow(node),
    diagnostics: async () => ({ text: await diagnosticsOf(node) }),
    addAddress: async ({ address }) => {
      officeOf(node);
      const before = addresses.given;
      const given = addresses.give(address);
      await addresses.save().catch((cause: Error) => {
        if (!before.some(({ host, port }) => host === given.host && port === given.port))
          addresses.withdraw(given);
        throw notSaved(cause);
      });
      await node.session.lookAt(given);
      return { address: `${given.host}:${given.port}` };
    },
    computer: async ({ event }) => {
      if (event === 'sleep') {
        node.messages.outgoing.release();
        for (const { id, state } of node.calls.shown) if (state !== 'ended') node.calls.hangUp(id, 'slept');
        await node.session.sleep();
      } else if (event === 'wake' || event === 'network') await node.session.reconnect();
      else if (event === 'input') node.messages.own.input();
      else if (node.attention.take(event)) {
        node.session.describe();
        node.flashes.look();
        node.messages.turns.look();
      }
      return { heard: true };
    },
  };
}

/** Settings that the message store works with. */
const OF_STORE = ['keepDays', 'keepMegabytes'] as const satisfies readonly SettingName[];

/**
 * @throws CorridorError `key-taken` where a key would do two things, as `checkEngine` where nothing could be written down by what
 * was chosen, `settings-not-saved` where the disk does not take the change; nothing is changed then
 */
async function change(
  { profile, roster, sound, messages, options, flashes, session }: NodeContext,
  given: Checked<'setSettings'>,
) {
  const wanted = defined(given);
  const isWanted = (name: SettingName): boolean => wanted[name] !== undefined;
  refuseTakenKey(
    { ...profile.settings, ...wanted },
    Object.keys(wanted),
    (extension) =>
      roster.directory.groupWith(extension)?.name ?? roster.directory.resolve(extension)[0]?.name,
  );
  if (wanted.recogniser) await checkEngine(wanted.recogniser, false);
  if (wanted.captions) await checkEngine(wanted.captions, true);
  await profile.change(wanted);
  if (OF_SOUND.some(isWanted)) sound.configure(soundOf(profile.settings, options.showsFlashes === true));
  if (isWanted('signals')) flashes.look();
  if (isWanted('pageVolume')) messages.gains.changed();
  if (OF_STORE.some(isWanted)) await messages.retention.setLimits(limitsNow(profile, session));
}

function refuseTakenKey(
  settings: SettingValues,
  changed: readonly string[],
  nameOf: (extension: string) => string | undefined,
): void {
  const taken = takenKey(keyUses(settings, nameOf), changed);
  if (!taken) return;
  throw new CorridorError('key-taken', `${taken.key} is ${taken.use} already. Choose another key for this.`, {
    details: { key: taken.key, use: taken.setting, person: taken.person },
  });
}
