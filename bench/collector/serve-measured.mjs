/** Tells the port to the parent process, and on each message what this process has used so far. */
export function serveMeasured(port, countStored = () => undefined) {
  process.on('message', (question) => {
    if (question === 'stored') return process.send({ stored: countStored() });
    const { user, system } = process.cpuUsage();
    process.send({ cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss() });
  });
  process.send({ port });
}
