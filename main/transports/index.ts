export { defaultProfile } from './profile-path.ts';
export { connectLocalSocket, type RemoteNode } from './socket-client.ts';
export { serveLocalSocket, type LocalSocket, type LocalSocketOptions } from './socket-server.ts';
export { serveWebPanel, type WebPanel, type WebPanelOptions } from './web-panel.ts';
