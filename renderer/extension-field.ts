import type { NodeApi } from '../preload/api.ts';

/** Tells whether the node reads the text as no extension. False where nothing was typed, or no node answers. */
export async function isNoExtension(api: NodeApi, typed: string): Promise<boolean> {
  if (typed === '') return false;
  const preview = await api.call('dialPreview', { dial: typed }).catch(() => null);
  return preview?.extension === null;
}
