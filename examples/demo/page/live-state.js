/** State, transport and attempt of the socket as they are now. */
export function createLiveState(scene) {
  const field = (id) => scene.querySelector(`#${id}`);
  return {
    restart() {
      scene.dataset.state = 'connecting';
      scene.dataset.transport = '';
      field('state').textContent = 'starting';
      for (const id of ['transport', 'attempt', 'server']) field(id).textContent = '–';
    },
    server(url) {
      field('server').textContent = new URL(url).host;
    },
    show({ state, transport, attempt }) {
      // Even without a connection, the engine names the transport that it would use.
      const used = state === 'connected' ? transport : undefined;
      scene.dataset.state = state;
      scene.dataset.transport = used ?? '';
      field('state').textContent = state;
      field('transport').textContent = used ?? '–';
      field('attempt').textContent = attempt;
    },
  };
}
