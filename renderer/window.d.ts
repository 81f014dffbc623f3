import type { NodeApi } from '../preload/api.ts';

declare global {
  interface Window {
    /** What the preload exposes: the one API, and nothing else. */
    readonly corridor: NodeApi;
  }
}
