import { mount } from 'svelte';
import App from './App.svelte';
import { PanelState } from './panel-state.svelte.ts';

const target = document.getElementById('panel');
if (!target) throw new Error('index.html has no #panel');

const panel = new PanelState(window.corridor);
mount(App, { target, props: { panel } });
