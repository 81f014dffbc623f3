/** Whether this is a Wayland session. An X server in it sees only the keys of X11 windows. */
export function isWayland(env: NodeJS.ProcessEnv): boolean {
  return env['XDG_SESSION_TYPE'] === 'wayland' || Boolean(env['WAYLAND_DISPLAY']);
}
