import type { NodeApi } from '../preload/api.ts';

/** Whether a text is something else than an extension, as the node reads numbers. Where nothing was typed, or no node answers, nothing is wrong. */
export async function isNoExtension(api: NodeApi, typed: string): Promise<boolean> {
  if (typed === '') return false;
  const preview = await api.call('dialPreview', { dial: typed }).catch(() => null);
  return preview?.extension === null;
}
