import { mount } from 'svelte';
import type { NodeApi } from '../preload/api.ts';
import App from './App.svelte';
import { PanelState } from './panel-state.svelte.ts';
import WebLink from './parts/WebLink.svelte';
import { strings } from './strings/index.ts';
import { WebApi } from './web-api.ts';

const target = document.getElementById('panel');
if (!target) throw new Error('index.html has no #panel');

/** The API: Electron's preload has exposed it, or, in a browser, it is spoken to the node that served this page. */
function reach(before: Node): NodeApi {
  if (window.corridor) return window.corridor;
  const web = new WebApi(() => strings.webLostShort);
  document.body.classList.add('web');
  mount(WebLink, { target: document.body, anchor: before, props: { web } });
  let wasLost = false;
  web.onState((now) => {
    if (now === 'lost') wasLost = true;
    // The panel missed the events meanwhile.
    else if (now === 'open' && wasLost) void panel.refresh();
  });
  return web;
}

const panel = new PanelState(reach(target));
mount(App, { target, props: { panel } });
