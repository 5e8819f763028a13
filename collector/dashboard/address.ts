// In a variable, or the build would take it for the address of a file.
const self = import.meta.url;

/** Path of the folder that the dashboard lies in, with a slash at its end: `/`, or whatever a proxy has put in front. */
export const FOLDER = new URL(self).protocol.startsWith('http') ? new URL('..', self).pathname : '/';

/** The address of a path of the collector, such as `/incidents` or `/api/overview`, below the dashboard's folder. */
export function addressOf(path: string): string {
  return FOLDER + path.slice(1);
}

/** The path of the collector that is shown. */
export function pathShown(): string {
  return location.pathname.startsWith(FOLDER) ? location.pathname.slice(FOLDER.length - 1) : '/';
}
