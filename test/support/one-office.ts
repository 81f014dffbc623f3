import type { NodeApi } from '../../preload/api.ts';

/** A person's node, and the number of that person. */
interface Numbered {
  readonly extension: string;
  readonly api: Pick<NodeApi, 'call'>;
}

/**
 * Whether each of these sees exactly all others of these online, by their numbers, and they follow one switch. `seen`: what they see, for
 * the sentence of a failure.
 */
export async function areOneOffice(
  people: readonly Numbered[],
): Promise<{ readonly areOne: boolean; readonly seen: string }> {
  const views = await Promise.all(
    people.map(async ({ extension, api }) => {
      const [status, list] = await Promise.all([api.call('status'), api.call('people')]);
      const online = list.filter(({ presence }) => presence !== 'offline').map((one) => one.extension);
      return { extension, leader: status.switch?.id, online: online.sort() };
    }),
  );
  const areOne = views.every(({ extension, leader, online }) => {
    const others = people.map((one) => one.extension).filter((one) => one !== extension);
    return leader !== undefined && leader === views[0]?.leader && online.join() === others.sort().join();
  });
  return { areOne, seen: JSON.stringify(views) };
}
