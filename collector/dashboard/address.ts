// In a variable, or the build would treat it as the URL of a file.
const self = import.meta.url;

/** Path of the folder that contains the dashboard, with a trailing slash: `/`, or whatever a proxy has put in front. */
export const FOLDER = new URL(self).protocol.startsWith('http') ? new URL('..', self).pathname : '/';

/** The URL of a collector path, such as `/incidents` or `/api/overview`, below the dashboard's folder. */
export function addressOf(path: string): string {
  return FOLDER + path.slice(1);
}

/** The collector path that is shown. */
export function pathShown(): string {
  return location.pathname.startsWith(FOLDER) ? location.pathname.slice(FOLDER.length - 1) : '/';
}
