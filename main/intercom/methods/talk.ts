import type { Result } from '../../../preload/api.ts';
import { readWav } from '../../../native-audio/index.ts';
import { CorridorError } from '../../model/index.ts';
import { memberOf, recipientsOf, type Handlers, type NodeContext } from '../node-context.ts';

/** Key down and key up. */
export function talkMethods(
  node: NodeContext,
): Pick<Handlers, 'talkPress' | 'talkRelease' | 'talkRecording'> {
  return {
    talkPress: ({ dial }) => talk(node, dial),
    talkRelease: () => ({ id: memberOf(node).outgoing.release() ?? null }),
    talkRecording: ({ dial, wavBase64 }) => {
      const pcm = readWav(Buffer.from(wavBase64, 'base64'));
      const { id } = talk(node, dial, pcm);
      return { id, durationMs: Math.round(pcm.length / 48) };
    },
  };
}

function talk(node: NodeContext, dialled: string | undefined, pcm?: Int16Array): Result<'talkPress'> {
  const { outgoing } = memberOf(node);
  const extension = dialled ?? node.status().talkTo?.extension;
  if (extension === undefined) {
    throw new CorridorError(
      'nobody-chosen',
      'Choose somebody to talk to first: a person in the list, or a number.',
    );
  }
  const { microphone } = node.sound.state;
  if (!pcm && (microphone.state === 'missing' || microphone.state === 'failed')) {
    throw new CorridorError(
      'no-microphone',
      microphone.sentence ?? 'There is no microphone. Plug one in, or choose another in the settings.',
    );
  }
  const recipients = recipientsOf(node, extension);
  const begun = outgoing.press(
    recipients,
    node.roster.own.record.extension,
    recipients[0]?.extension ?? extension,
    pcm,
  );
  node.troubles.set('microphone', undefined);
  void node.profile.change({ lastDialled: begun.to });
  return { id: begun.id, to: begun.to, names: recipients.map((record) => record.name) };
}
